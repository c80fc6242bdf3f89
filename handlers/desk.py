"""The front desk: who asks, what is meant, may they, who answers."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from bot.chinese import fold
from bot.departments import Departments
from bot.errors import BotError, NotAllowed
from bot.messages import Place, Reply
from bot.model import Plan, Role, Talk
from bot.plans.shelf import Shelf
from handlers import INTENTS
from handlers.greet import help_text
from handlers.intent import Answer, Ask, Asker, Intent
from handlers.phrases import Sign
from handlers.plan_facts import departments_of
from handlers.question import Question, leaning_on, read_question

log = logging.getLogger(__name__)

_RANK = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers questions from the shelf; what was said before is handed in."""

    shelf: Shelf
    departments: Departments

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

        Errors of ours are turned into words here and nowhere else.
        """
        about = plans or self._plans_of(asker)
        if not about:
            return Answer(Reply("还没有已发布的方案。请办公室先导入并签认。"), talk)
        words = words.encode("utf-8", "replace").decode()
        if not words.strip():
            return Answer(Reply("请写出您想问的，或回复“帮助”看能问什么。"), talk)
        if talk.offered and self._read(words, about, asker).has(Sign.YES):
            words = talk.offered
        talk = replace(talk, offered="")
        asker = replace(asker, department=self._named(asker.department, about))
        question = self._read(words, about, asker)
        ask = Ask(
            question=question,
            asker=asker,
            talk=talk,
            plans=about,
            shelf=self.shelf,
            departments=self.departments,
            at=at,
        )
        try:
            return self._serve(self._leaning(ask))
        except BotError as error:
            return Answer(Reply(error.reply), talk)
        except Exception:
            log.exception("a question could not be answered")
            return Answer(Reply(BotError.reply), talk)

    def _plans_of(self, asker: Asker) -> tuple[Plan, ...]:
        """Choose the plans that name the asker's department, else all in force."""
        plans = self.shelf.plans
        if asker.department:
            own = [plan for plan in plans if self._names(plan, asker.department)]
            plans = own or plans
        return tuple(plans)

    def _named(self, department: str, plans: tuple[Plan, ...]) -> str:
        """Write the asker's department as the plans do: 卫建委 as 区卫健局.

        A name that no plan knows, or that fits several departments, stays as it is.
        """
        if not department:
            return ""
        among = [name for plan in plans for name in departments_of(plan)[0]]
        if department in among:
            return department
        known = [name for name in among if self.departments.same(name, department)]
        if known:
            return department
        said = fold(department)
        found = {
            mention.department
            for mention in self.departments.find(said, among=list(dict.fromkeys(among)))
            if mention.end - mention.start == len(said)
        }
        return found.pop() if len(found) == 1 else department

    def _names(self, plan: Plan, department: str) -> bool:
        single, _ = departments_of(plan)
        return any(self.departments.same(name, department) for name in single)

    def _read(self, words: str, plans: tuple[Plan, ...], asker: Asker) -> Question:
        among: dict[str, None] = {}
        for plan in plans:
            for names in departments_of(plan):
                among |= dict.fromkeys(names)
        if asker.department:
            among.setdefault(asker.department)
        # Plans of one kind share their headings: each is looked for once.
        alike = {section.path: section for plan in plans for section in plan.sections}
        sections = list(alike.values())
        texts = [task.title + task.body for plan in plans for task in plan.tasks]
        return read_question(
            words,
            departments=self.departments,
            among=list(among),
            sections=sections,
            is_content=lambda name: any(name in text for text in texts),
        )

    def _leaning(self, ask: Ask) -> Ask:
        """Complete 那应急局呢 by the question that came before it."""
        now = ask.question
        narrows = (Sign.FIGURES, Sign.LEAD, Sign.HELP_WITH)
        alone = now.bare and not now.departments and not now.has(Sign.US)
        listed = ask.talk.shown and not ask.talk.task_id
        if alone and listed and now.has(*narrows):
            earlier = self._read(ask.talk.asked, ask.plans, ask.asker)
            return replace(ask, question=leaning_on(earlier, now))
        leans = now.folded.startswith("那") or now.folded.rstrip("?。").endswith("呢")
        names = now.departments or now.sections or now.has(Sign.US)
        if not (leans and names and ask.talk.asked) or now.topic:
            return ask
        if now.has(Sign.LIST, Sign.COUNT, Sign.CONTACT, Sign.DEADLINE):
            return ask
        earlier = self._read(ask.talk.asked, ask.plans, ask.asker)
        return replace(ask, question=leaning_on(earlier, now))

    def _serve(self, ask: Ask) -> Answer:
        if ask.question.has(Sign.HELP) and not ask.question.departments:
            return Answer(Reply(help_text(INTENTS)), ask.talk)
        for intent in INTENTS:
            if intent.fits(ask):
                return self._allowed(intent, ask) or intent.answer(ask)
        raise AssertionError("the last intent fits everything")

    def _allowed(self, intent: Intent, ask: Ask) -> Answer | None:
        if _RANK[ask.asker.role] < _RANK[intent.role]:
            return Answer(Reply(NotAllowed.reply), ask.talk)
        if ask.asker.place is Place.GROUP and not intent.in_groups:
            return Answer(Reply("请私聊我查询。"), ask.talk)
        return None
