"""A small newspaper, for tests of understanding."""

ARTICLES = {
    "01_ferry.txt": """Council closes the Alder ferry

By Abby Goodwin

March 4, 2021

The council of Alder voted on Tuesday to close the old ferry. Repairs would cost too much.""",
    "02_bakery.txt": """Bakery wins prize for rye loaf

By Tom Rills

June 7, 2022

The bakery of Hester Quill won the prize for a loaf of rye on Monday evening.""",
    "03_bridge.txt": """Alder bridge to open in 2026

By Robby Kaye and Lena Vogt

November 15, 2023

A bridge will replace the closed ferry, Minister Carla Dunne said. It will cost a fortune.""",
    "04_storm.txt": """Storm sinks boats in the harbour

By Lena Vogt

January 12, 2024

Three boats sank in the harbour on Thursday night. Two of the boats were insured.""",
    "05_inquiry.txt": """Inquiry clears the minister

By Robby Kaye

May 2, 2024

An inquiry has cleared Carla Dunne. Mark Tolland called the report a whitewash.""",
}
