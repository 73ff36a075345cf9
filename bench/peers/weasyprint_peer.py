"""Prints content.html with WeasyPrint. Usage: weasyprint_peer.py FOLDER OUT N"""
import sys

from weasyprint import HTML

for _ in range(int(sys.argv[3])):
    HTML(sys.argv[1] + "/content.html").write_pdf(sys.argv[2])
