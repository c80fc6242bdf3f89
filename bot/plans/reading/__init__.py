"""Reading: paragraphs -> what a plan says, as a draft; pure, no database, no clock."""
