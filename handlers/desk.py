"""The front desk: who asks, what is meant, may they, who answers."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from bot.departments import Departments
from bot.errors import BotError
from bot.messages import Reply
from bot.model import Plan, Talk
from bot.plans.shelf import Shelf
from handlers import ACTS, INTENTS
from handlers.asides import without_asides
from handlers.greet import help_text
from handlers.intent import Answer, Ask, Asker, Intent
from handlers.not_held import is_refusal
from handlers.open_plans import OpenPlans, Table, name_in_plans
from handlers.phrases import Sign
from handlers.question import leaning_on, read_question
from handlers.rights import refusal
from handlers.several import cut_questions, join_answers

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Desk:
    """Answers questions from the shelf; what was said before is handed in."""

    shelf: Shelf
    departments: Departments
    _table: Table = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._table = Table(self.shelf, self.departments)

    def answer(
        self,
        words: str,
        *,
        asker: Asker,
        talk: Talk,
        at: datetime,
        plans: tuple[Plan, ...] = (),
    ) -> Answer:
        """Answer *words*, out of *plans* or of all those that concern the asker.

        Several questions are answered one after the other. Errors of ours are turned
        into words here and nowhere else.
        """
        words = words.encode("utf-8", "replace").decode()
        questions = cut_questions(words)
        if len(questions) > 1:
            answers, before = [], talk
            for one in questions:
                answer = self._answer_one(one, asker, before, at, plans)
                before = answer.talk if answer.is_found else before
                answers.append(answer)
            if joined := join_answers(questions, answers):
                return joined
        answer = self._answer_one(words, asker, talk, at, plans)
        if not is_refusal(answer):
            return answer
        opened = self._table.open(plans or self._plans_of(asker))
        less = without_asides(words, opened, ours=asker.department)
        again = self._answer_one(less, asker, talk, at, plans) if less else answer
        return answer if is_refusal(again) else again

    def _answer_one(
        self,
        words: str,
        asker: Asker,
        talk: Talk,
        at: datetime,
        plans: tuple[Plan, ...],
    ) -> Answer:
        about = plans or self._plans_of(asker)
        if not about:
            return Answer(Reply("还没有已发布的方案。请办公室先导入并签认。"), talk)
        if not words.strip():
            return Answer(Reply("请写出您想问的，或回复“帮助”看能问什么。"), talk)
        opened = self._table.open(about)
        name = opened.once_for(name_in_plans, asker.department)
        if name != asker.department:
            asker = replace(asker, department=name)
        question = read_question(words, opened, ours=name)
        if talk.offered and question.has(Sign.YES):
            question = read_question(talk.offered, opened, ours=name)
        if talk.offered:
            talk = replace(talk, offered="")
        ask = Ask(
            question=question,
            asker=asker,
            talk=talk,
            opened=opened,
            shelf=self.shelf,
            at=at,
        )
        try:
            return self._serve(_completed(ask))
        except BotError as error:
            return Answer(Reply(error.reply), talk)
        except Exception:
            log.exception("a question could not be answered")
            return Answer(Reply(BotError.reply), talk)

    def _plans_of(self, asker: Asker) -> tuple[Plan, ...]:
        """Choose the plans that name the asker's department, else all in force."""
        plans = tuple(self.shelf.plans)
        if not (plans and asker.department):
            return plans
        return self._table.open(plans).once_for(_naming, asker.department) or plans

    def _serve(self, ask: Ask) -> Answer:
        if ask.question.has(Sign.HELP) and not ask.question.departments:
            return Answer(Reply(help_text(INTENTS, ACTS, ask.asker)), ask.talk)
        for intent in INTENTS:
            if intent.fits(ask):
                answer = self._allowed(intent, ask) or intent.answer(ask)
                return replace(answer, by=intent.name)
        raise AssertionError("the last intent fits everything")

    def _allowed(self, intent: Intent, ask: Ask) -> Answer | None:
        words = refusal(intent, ask.asker)
        return Answer(Reply(words), ask.talk, is_refused=True) if words else None


def _completed(ask: Ask) -> Ask:
    """Complete 那应急局呢 by the question that came before it."""
    if not (_narrows_list(ask) or _names_another(ask)):
        return ask
    asked = read_question(ask.talk.asked, ask.opened, ours=ask.asker.department)
    return ask.about(leaning_on(asked, ask.question))


def _narrows_list(ask: Ask) -> bool:
    """Tell whether a part of the list just shown is wished for: 牵头的."""
    now, talk = ask.question, ask.talk
    alone = now.bare and not now.departments and not now.has(Sign.US)
    listed = talk.shown and not talk.task_id
    return bool(alone and listed) and now.has(Sign.FIGURES, Sign.LEAD, Sign.HELP_WITH)


def _names_another(ask: Ask) -> bool:
    """Tell whether the same is asked of somebody else, or of another section."""
    now, said = ask.question, ask.question.folded
    leans = said.startswith(("那", "换成")) or said.rstrip("?。").endswith("呢")
    names = now.departments or now.sections or now.has(Sign.US)
    if not (leans and names and ask.talk.asked) or now.topic:
        return False
    return not now.has(Sign.LIST, Sign.COUNT, Sign.CONTACT, Sign.DEADLINE)


def _naming(opened: OpenPlans, department: str) -> tuple[Plan, ...]:
    """List the plans that name a department."""
    same = opened.directory.same
    return tuple(
        one.plans[0]
        for one in opened.parts
        if any(same(name, department) for name in one.departments)
    )
