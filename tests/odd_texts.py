"""Texts that nobody writes on purpose, and that arrive all the same."""

ODD = {
    "empty": "",
    "blank": " \n\t ",
    "100 kB": "I want my money back, order 10482, 12 May, 49.90 EUR, a@b.example. " * 1500,
    "one long word": "a" * 100_000,
    "digits": "1" * 100_000,
    "only emoji": "😡😡😡🤬",
    "right to left": "مرحبا، أين طلبي؟ 10482",
    "right-to-left override": "\u202eyenom ym tnaw I",
    "zero width": "\u200b\u200d\ufeff" * 40,
    "zero width inside": "wh\u200bere is m\u200dy or\u2060der?",
    "half a surrogate pair": "hello \ud83d there",
    "null bytes": "a\x00b\x00",
    "control characters": "\x1b[2Jhello\x07",
    "many accents": "z" + "\u0301" * 500,
}
