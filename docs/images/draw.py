"""Draws the diagrams of the book, each in Chinese and English, out of the tables below.

    python3 docs/images/draw.py [--check]

A picture brings its own ground, light or dark as the reader's system is, so that it can be read on any page.
"""

import sys
from html import escape
from pathlib import Path

STYLE = """
  .ground { fill: #ffffff; stroke: #d0d7de }
  .box { fill: #f6f8fa; stroke: #57606a }
  .good { fill: #dafbe1; stroke: #1a7f37 }
  .bad { fill: #fff1e5; stroke: #bc4c00 }
  .ours { fill: #ddf4ff; stroke: #0969da }
  text { fill: #1f2328; font: 14px system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; text-anchor: middle }
  .note { fill: #57606a; font-size: 12.5px }
  .arrow { fill: none; stroke: #57606a; stroke-width: 1.4; marker-end: url(#head) }
  #head path { fill: #57606a }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #161b22; stroke: #30363d }
    .box { fill: #21262d; stroke: #8b949e }
    .good { fill: #12261e; stroke: #3fb950 }
    .bad { fill: #2d1f13; stroke: #db6d28 }
    .ours { fill: #0c2d4d; stroke: #58a6ff }
    text { fill: #e6edf3 }
    .note { fill: #9da7b1 }
    .arrow { stroke: #9da7b1 }
    #head path { fill: #9da7b1 }
  }
"""

# A box: name: (middle x, y, width, kind, Chinese lines, English lines). Lines are parted by |.
# An arrow: (points, Chinese, English, where the words stand: x, y, anchor).
PICTURES = {
    "loop": {
        "size": (760, 300),
        "title": ("一个循环：start、step、receive", "One loop: start, step, receive"),
        "desc": (
            "你的程序调用 step，内核答 Send、Wait 或 Done；发出请求后把应答交给 receive，没有应答交给 fail，再问 step。",
            "Your program calls step; the core says Send, Wait or Done. After a request the answer goes to receive, or its loss to fail, then step is asked again.",
        ),
        "boxes": [
            (85, 165, 130, "ours", "session.settle(…)", "session.settle(…)"),
            (270, 165, 150, "box", "call.step|（时刻，随机字节）", "call.step|(time, random bytes)"),
            (480, 85, 150, "box", "Send（请求）", "Send (request)"),
            (480, 165, 150, "box", "Wait（到何时）", "Wait (until)"),
            (480, 250, 150, "good", "Done（结果）", "Done (result)"),
            (675, 85, 120, "ours", "POST|你的 HTTP 客户端", "POST|your HTTP client"),
            (675, 165, 120, "ours", "睡到那时", "sleep until then"),
        ],
        "arrows": [
            ([(150, 165), (193, 165)], "", "", None),
            ([(345, 155), (403, 93)], "", "", None),
            ([(345, 165), (403, 165)], "", "", None),
            ([(345, 175), (403, 242)], "", "", None),
            ([(555, 85), (613, 85)], "", "", None),
            ([(555, 165), (613, 165)], "", "", None),
            ([(675, 60), (675, 38), (250, 38), (250, 138)], "应答：receive(状态, 内容, 时刻)　没有应答：fail(…)", "answer: receive(status, body, time)   none: fail(…)", (462, 29, "middle")),
            ([(675, 190), (675, 205), (345, 205), (310, 192)], "再问", "ask again", (600, 220, "middle")),
        ],
    },
    "token": {
        "size": (760, 350),
        "title": ("令牌的一生", "The life of a token"),
        "desc": (
            "Empty、Fetching、Held、Paused、Again、Elsewhere 六个状态和它们之间的转换。",
            "Six states, Empty, Fetching, Held, Paused, Again, Elsewhere, and what leads from one to the next.",
        ),
        "boxes": [
            (85, 90, 120, "box", "Empty|没有令牌", "Empty|no token"),
            (350, 90, 140, "ours", "Fetching|正在取，只有一个", "Fetching|by one alone"),
            (655, 90, 150, "good", "Held|有令牌，大家共用", "Held|shared by all"),
            (350, 210, 140, "bad", "Paused|暂停", "Paused"),
            (655, 210, 150, "bad", "Again|等着换新", "Again|to be replaced"),
            (350, 305, 140, "box", "Elsewhere|别的进程正在取", "Elsewhere|another fetches"),
        ],
        "arrows": [
            ([(145, 80), (278, 80)], "先记账，再发", "entered, then sent", (211, 70, "middle")),
            ([(278, 100), (147, 100)], "没有发出：划掉", "not sent: struck out", (211, 119, "middle")),
            ([(420, 80), (578, 80)], "取得", "granted", (499, 70, "middle")),
            ([(580, 100), (422, 100)], "到期前五分钟", "5 min before its end", (500, 119, "middle")),
            ([(340, 115), (340, 183)], "被拒 10 分钟|丢失 60 秒", "denied 10 min|lost 60 s", (332, 147, "end")),
            ([(280, 210), (85, 210), (85, 117)], "被拒的暂停结束", "end of a denial", (180, 201, "middle")),
            ([(420, 210), (578, 210)], "丢失的暂停结束", "end of a loss", (499, 201, "middle")),
            ([(655, 115), (655, 183)], "070301", "070301", (663, 153, "start")),
            ([(600, 185), (418, 116)], "账本还为每天留着一次", "one a day is left", (496, 172, "end")),
            ([(60, 115), (60, 305), (278, 305)], "存储里有别人的租约", "another's lease stands", (168, 296, "middle")),
            ([(420, 305), (745, 305), (745, 118)], "别人取得", "the other has it", (583, 296, "middle")),
        ],
        "notes": [(560, 333, "租约过期：接手，回到 Fetching", "the lease is over: taken over, Fetching again")],
    },
    "settle": {
        "size": (760, 370),
        "title": ("settle：一张发票怎样走到底", "settle: how an invoice comes to its end"),
        "desc": (
            "发送之后，结果不明就先查询；查到是自己的就跟踪到最终状态；宽限期过了仍没有才重发，至多三次。",
            "After sending, an unknown outcome is asked about first; what is found and ours is followed to its end; only after the grace is it sent again, three times at most.",
        ),
        "boxes": [
            (80, 100, 120, "ours", "发送|至多三次", "Send|3 times at most"),
            (370, 100, 130, "ours", "查询|按订单号", "Ask|by order number"),
            (655, 100, 150, "ours", "跟踪|20、21", "Follow|20, 21"),
            (80, 240, 120, "box", "等待|070202、070203", "Wait|070202, 070203"),
            (655, 225, 150, "good", "完成|2、3", "Done|2, 3"),
            (655, 310, 150, "bad", "platform|22、24", "platform|22, 24"),
            (445, 310, 150, "bad", "platform E9106|别人的发票", "platform E9106|another's invoice"),
            (260, 310, 140, "bad", "uncertain|带 retry_at", "uncertain|with retry_at"),
            (80, 330, 120, "bad", "platform|明确拒绝", "platform|surely refused"),
        ],
        "arrows": [
            ([(140, 90), (303, 90)], "丢失、5xx、E9106", "lost, 5xx, E9106", (221, 80, "middle")),
            ([(305, 110), (142, 110)], "没有，宽限 15 秒已过", "not there, 15 s are over", (223, 129, "middle")),
            ([(435, 100), (578, 100)], "查到，是自己的", "found, and ours", (507, 90, "middle")),
            ([(80, 75), (80, 40), (655, 40), (655, 73)], "E0000 受理", "E0000: taken", (368, 32, "middle")),
            ([(345, 75), (345, 55), (395, 55), (395, 73)], "还没有：2、3、5、5 秒后再查", "not yet: after 2, 3, 5, 5 s", (404, 62, "start")),
            ([(70, 125), (70, 213)], "没有受理", "not taken", (78, 172, "start")),
            ([(140, 240), (330, 240), (330, 127)], "15、30、60、60 秒", "15, 30, 60, 60 s", (235, 231, "middle")),
            ([(655, 125), (655, 198)], "", "", None),
            ([(730, 110), (748, 110), (748, 310), (732, 310)], "", "", None),
            ([(405, 125), (405, 190), (445, 190), (445, 283)], "不一致", "differs", (453, 240, "start")),
            ([(370, 125), (370, 265), (260, 265), (260, 283)], "仍不明", "still unknown", (316, 258, "middle")),
            ([(20, 105), (12, 105), (12, 330), (18, 330)], "", "", None),
        ],
    },
    "batch": {
        "size": (760, 290),
        "title": ("Batch：同时跟踪许多订单", "Batch: many orders followed at once"),
        "desc": (
            "订单按到期时间排队，每次查询取到期的至多 50 个，每个订单以一个事件结束，其余排回队里。",
            "Orders queue by the time they are due; a query takes 50 at most; each ends in one event, the others go back into the queue.",
        ),
        "boxes": [
            (85, 130, 140, "ours", "add（订单号）|已提交的", "add (order no.)|submitted ones"),
            (290, 130, 150, "box", "按到期时间排队|状态越久，问得越疏", "queue by due time|the longer, the rarer"),
            (500, 130, 140, "ours", "查询|每次至多 50 个", "query|50 at most"),
            (675, 130, 120, "good", "事件|每单恰好一个", "event|one per order"),
            (85, 235, 140, "box", "回传：hint|提前问，不作凭据", "push: hint|earlier, no proof"),
            (290, 235, 150, "box", "snapshot|单号与时间", "snapshot|numbers and times"),
        ],
        "arrows": [
            ([(155, 130), (213, 130)], "", "", None),
            ([(365, 130), (428, 130)], "", "", None),
            ([(570, 130), (613, 130)], "", "", None),
            ([(500, 105), (500, 60), (290, 60), (290, 103)], "还没结束：排回去", "not final: back", (395, 51, "middle")),
            ([(155, 225), (235, 157)], "", "", None),
            ([(290, 157), (290, 208)], "", "", None),
        ],
        "notes": [
            (585, 195, "Done　Failed　NeedsRetry　Absent　GaveUp", "Done   Failed   NeedsRetry   Absent   GaveUp"),
            (585, 217, "两个请求的间隔不小于 1/rate 秒；出错加倍，正常减半", "requests are 1/rate s apart; trouble doubles that"),
            (585, 239, "它只查询，从不写入", "it asks and never writes"),
        ],
    },
}


def draw(picture, lang):
    """The text of one picture; `lang` is 0 for Chinese, 1 for English."""
    width, height = picture["size"]
    title, desc = (escape(picture[part][lang]) for part in ("title", "desc"))
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" aria-labelledby="title desc">',
        f'<title id="title">{title}</title>',
        f'<desc id="desc">{desc}</desc>',
        f"<style>{STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>',
        f'<rect class="ground" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"/>',
    ]
    for points, *words, place in picture["arrows"]:
        way = " ".join(f"{'ML'[at > 0]}{x} {y}" for at, (x, y) in enumerate(points))
        out.append(f'<path class="arrow" d="{way}"/>')
        if place:
            x, y, anchor = place
            for line, text in enumerate(words[lang].split("|")):
                out.append(f'<text class="note" x="{x}" y="{y + 16 * line}" style="text-anchor: {anchor}">{escape(text)}</text>')
    for x, y, wide, kind, *words in picture["boxes"]:
        lines = words[lang].split("|")
        high = 50
        out.append(f'<rect class="{kind}" x="{x - wide / 2:g}" y="{y - high / 2:g}" width="{wide}" height="{high}" rx="6"/>')
        for line, text in enumerate(lines):
            kind = ' class="note"' if line else ""
            out.append(f'<text{kind} x="{x}" y="{y + 5 + 18 * line - 9 * (len(lines) - 1):g}">{escape(text)}</text>')
    for x, y, *words in picture.get("notes", []):
        out.append(f'<text class="note" x="{x}" y="{y}">{escape(words[lang])}</text>')
    return "\n".join([*out, "</svg>", ""])


def main():
    stale = []
    for name, picture in PICTURES.items():
        for lang, end in enumerate((".svg", ".en.svg")):
            file, text = Path(__file__).parent / (name + end), draw(picture, lang)
            if not file.is_file() or file.read_text("utf-8") != text:
                stale.append(file.name)
                if "--check" not in sys.argv:
                    file.write_text(text, "utf-8")
    print(f"{len(PICTURES) * 2} pictures, {len(stale)} {'stale' if '--check' in sys.argv else 'written'}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
