"""Sets content.json with ReportLab. Usage: reportlab_peer.py FOLDER OUT N"""
import json
import os
import sys

from reportlab.graphics.shapes import Circle, Drawing, Line, Rect, String, Wedge
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

FONTS = os.path.join(os.path.dirname(__file__), "../../templates/fonts/NotoSans-")
BLUE = colors.HexColor("#1f4e79")
HEAD = ParagraphStyle("head", fontName="bold", fontSize=16, leading=20, spaceAfter=8)
BODY = ParagraphStyle("body", fontName="regular", fontSize=10, leading=14)
CELL = ParagraphStyle("cell", fontName="regular", fontSize=8, leading=10)
LOOK = TableStyle([("FONT", (0, 0), (-1, -1), "regular", 8), ("FONT", (0, 0), (-1, 0), "bold", 8),
                   ("BACKGROUND", (0, 0), (-1, 0), BLUE), ("TEXTCOLOR", (0, 0), (-1, 0), colors.white),
                   ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, colors.HexColor("#f2f5f9")])])


def chart(c):
    d, values = Drawing(480, 300), c["values"]
    step, angle = 300 / len(values), 90
    for i, v in enumerate(values):
        y = 300 - (i + 1) * step
        if c["kind"] == "line":
            x = i * 480 / len(values)
            d.add(Circle(x, v * 2.8 + 15, 2, fillColor=BLUE))
            d.add(String(x, 0, str(i + 1), fontName="regular", fontSize=8))
            if i:
                d.add(Line(x - 480 / len(values), values[i - 1] * 2.8 + 15, x, v * 2.8 + 15, strokeColor=BLUE))
        elif c["kind"] == "donut":
            end = angle - v / sum(values) * 360
            d.add(Wedge(330, 150, 140, end, angle, fillColor=colors.Color(.2, .2 + i * .15, .5)))
            d.add(String(0, y, c["labels"][i], fontName="regular", fontSize=8))
            angle = end
        else:
            d.add(String(0, y + 4, c["labels"][i], fontName="regular", fontSize=8))
            d.add(Rect(150 + (c["from"][i] if c["from"] else 0) * 2.5, y, v * 2.5, step * .8, fillColor=BLUE, strokeColor=None))
    return d


def number(canvas, doc):
    canvas.setFont("regular", 8)
    canvas.drawRightString(545, 20, f"Page {doc.page}")


def build(content, out):
    story = []
    for c in content["charts"]:
        story += [Paragraph(c["title"], HEAD), Paragraph(content["intro"], BODY), Spacer(1, 12), chart(c), PageBreak()]
    for t in content["tables"]:
        rows = [t["head"]] + [[r[0], Paragraph(r[1], CELL)] + r[2:] for r in t["rows"]]
        table = Table(rows, colWidths=[30, 165, 105, 80, 50, 45, 35], repeatRows=1)
        table.setStyle(LOOK)
        story += [Paragraph(t["title"], HEAD), table, PageBreak()]
    SimpleDocTemplate(out, pagesize=A4, topMargin=40, bottomMargin=40, leftMargin=40, rightMargin=40,
                      title=content["title"]).build(story, onFirstPage=number, onLaterPages=number)


pdfmetrics.registerFont(TTFont("regular", FONTS + "Regular.ttf"))
pdfmetrics.registerFont(TTFont("bold", FONTS + "Bold.ttf"))
with open(sys.argv[1] + "/content.json", encoding="utf-8") as f:
    data = json.load(f)
for _ in range(int(sys.argv[3])):
    build(data, sys.argv[2])
