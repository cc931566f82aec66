"""The operator's page: a day's report as HTML that needs no script and nothing from elsewhere. Pure, any thread."""

from base64 import b64encode
from datetime import date, timedelta
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from xml.etree.ElementTree import Element

from callup_desktop.calls.reconciliation import DayReport, Difference, FallenCall, Stage
from callup_desktop.gateway.day_reports import TenantDay
from callup_desktop.gateway.html import Node, document, style, tag
from callup_desktop.presentation.reconciliation import ReconciliationPage, ReconciliationWriter

PAGE = "/reconcile"
AS_JSON = "/reconcile.json"

_STYLE = (files("callup_desktop.gateway") / "operator_page.css").read_text(encoding="utf-8")

POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""No script, no image, nothing from elsewhere, in nobody's frame; this one style sheet."""

_BACK, _FORTH = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
_SYMBOLS = {
    "calm": "M12 6.5V12l3.5 2",
    "ok": "M20 6.5 9.5 17 4 11.5",
    "warning": "M12 6.5v7M12 17.4v.1",
    "bad": "M12 6.5v7M12 17.4v.1",
}


class OperatorPage:
    """Writes the pages; holds nothing but words."""

    def __init__(self) -> None:
        self._words = ReconciliationWriter()
        self._page = ReconciliationPage()

    def report(self, told: TenantDay, today: date) -> bytes:
        """The day's report."""
        report = told.report
        return self._whole(
            self._page.headline(report.day),
            self._navigation(report.day, today),
            tag("h1", self._page.headline(report.day)),
            _verdict(_tone(report), self._words.verdict(report), self._page.lead(report)),
            self._stages(report),
            self._under_way(report),
            *self._kinds(told),
            footer=(
                tag("span", self._page.compared_at(report.answered_at)),
                tag("a", self._page.as_json(), href=f"{AS_JSON}?day={report.day.isoformat()}"),
            ),
        )

    def comparing(self, day: date, today: date) -> bytes:
        """That the report takes longer."""
        title, sentence = self._page.comparing()
        return self._whole(
            title,
            self._navigation(day, today),
            tag("h1", self._page.headline(day)),
            _verdict("calm", title, sentence),
        )

    def sign_in(self) -> bytes:
        """That nobody knows who asks."""
        title, sentence = self._page.sign_in()
        return self._whole(title, None, tag("h1", title), _verdict("warning", None, sentence))

    def not_read(self, sentence: str, day: date | None, today: date) -> bytes:
        """That a place could not be read, and why."""
        return self.trouble(self._page.no_report(), sentence, day, today)

    def trouble(self, title: str, sentence: str, day: date | None, today: date) -> bytes:
        """Why there is no report; of the day, if it is one."""
        again = tag("a", self._page.try_again(), href=_address(day or today))
        return self._whole(
            title,
            self._navigation(day or today, today),
            tag("h1", self._page.headline(day) if day else title),
            _verdict("bad", title if day else None, sentence),
            tag("p", again),
        )

    def no_day(self) -> str:
        """That what was asked for is no day."""
        return self._page.no_day()

    def _whole(self, title: str, navigation: Node, *content: Node, footer: tuple[Node, ...] = ()) -> bytes:
        head = tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("title", f"{title} · {self._page.product()}"),
            style(_STYLE),
        )
        body = tag(
            "body",
            tag("header", tag("strong", self._page.product()), navigation),
            tag("main", *content),
            tag("footer", *footer) if footer else None,
        )
        return document(tag("html", head, body, lang="en"))

    def _navigation(self, day: date, today: date) -> Element:
        label, show, before, after = self._page.choose()
        form = tag(
            "form",
            tag("label", label, for_="day", class_="unseen"),
            tag("input", type="date", id="day", name="day", value=day.isoformat(), max=today.isoformat(), required=""),
            tag("button", show),
            action=PAGE,
        )
        return tag(
            "nav",
            _step(f"{_BACK} {before}", day - timedelta(days=1) if day > date.min else None),
            form,
            _step(f"{after} {_FORTH}", day + timedelta(days=1) if day < today else None),
        )

    def _stages(self, report: DayReport) -> Element:
        sent = report.stages[Stage.SENT]
        cards = (self._stage(stage, report.stages[stage], sent) for stage in Stage)
        return tag("ol", *cards, class_="stages calm" if report.agrees else "stages")

    def _stage(self, stage: Stage, count: int, sent: int) -> Element:
        gap = max(0, sent - count)
        return tag(
            "li",
            tag("span", self._words.stage(stage), class_="name"),
            tag("span", self._page.place(stage), class_="place"),
            tag("span", f"{count:,}", class_="count"),
            tag("progress", max=max(1, sent), value=count, aria_label=self._words.stage(stage)),
            tag("span", self._page.fewer(gap), class_="gap"),
            class_="short" if gap else None,
        )

    def _under_way(self, report: DayReport) -> Node:
        if report.agrees or not report.under_way:
            return None
        return tag("p", f"{self._words.under_way()}: {report.under_way:,}", class_="under-way")

    def _kinds(self, told: TenantDay) -> list[Element]:
        """A section for each kind of difference, in the order of a call's way."""
        order = list(Difference)
        listed = sorted(told.fallen, key=lambda call: order.index(call.difference))
        by_kind = {kind: list(calls) for kind, calls in groupby(listed, key=lambda call: call.difference)}
        counts = told.report.differences
        return [self._kind(kind, counts[kind], by_kind.get(kind, [])) for kind in order if kind in counts]

    def _kind(self, kind: Difference, count: int, calls: list[FallenCall]) -> Element:
        titles = self._page.columns()
        head = tag("thead", tag("tr", *(tag("th", title, scope="col") for title in titles)))
        rows = tag("tbody", *(self._row(call, titles) for call in calls))
        left_off = count - len(calls)
        return tag(
            "section",
            tag("h2", self._words.difference(kind), tag("span", f"{count:,}")),
            tag("p", self._words.advice(kind)),
            tag("table", head, rows) if calls else None,
            tag("div", self._page.left_off(left_off), class_="more") if left_off else None,
            class_="kind",
        )

    def _row(self, call: FallenCall, titles: tuple[str, ...]) -> Element:
        _, since, sent_by, detail = titles
        return tag(
            "tr",
            tag("td", call.call_id or call.s3_key),
            tag("td", f"{call.since:%Y-%m-%d %H:%M}", data_title=since),
            tag("td", call.sent_by, data_title=sent_by),
            tag("td", self._words.detail(call) or None, data_title=detail),
        )


def _step(label: str, to: date | None) -> Element:
    return tag("a", label, href=_address(to)) if to else tag("span", label, class_="none")


def _address(day: date) -> str:
    return f"{PAGE}?day={day.isoformat()}"


def _verdict(tone: str, title: str | None, sentence: str) -> Element:
    words = tag("div", tag("strong", title) if title else None, tag("p", sentence))
    return tag("section", _symbol(tone), words, class_=f"verdict {tone}")


def _symbol(tone: str) -> Element:
    return tag(
        "svg",
        tag("circle", cx=12, cy=12, r=11, fill="currentColor", fill_opacity=".15"),
        tag(
            "path",
            d=_SYMBOLS[tone],
            fill="none",
            stroke="currentColor",
            stroke_width="2",
            stroke_linecap="round",
            stroke_linejoin="round",
        ),
        viewBox="0 0 24 24",
        aria_hidden="true",
    )


def _tone(report: DayReport) -> str:
    if not report.agrees:
        return "bad"
    return "calm" if report.under_way else "ok"
