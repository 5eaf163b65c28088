"""Which language a text is in, from its script and its most common small words.

Enough to say honestly whether the English rules apply; not a general language identifier.
"""

from __future__ import annotations

import re

SUPPORTED = frozenset({"en"})
_SAMPLE = 2400
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_SMALL_WORDS: dict[str, str] = {
    "en": "the of and to in that is was for it with as his on be at by had not are but from have they which you were "
    "her she there would their we he has this said who will been its an or more about",
    "de": "der die und das den von zu ist mit sich des auf für nicht ein eine dem als auch es an werden aus er hat dass "
    "sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur",
    "fr": "le la les des et est une du dans que qui pour pas sur au par avec plus ce il ne se sont ont cette aux ses "
    "mais comme nous son leur été elle même ou après deux était selon",
    "es": "el la los las de que y en un una es por con para del se no al lo su como más pero sus le ha este sí porque "
    "esta entre cuando muy sin sobre ser también fue había según años",
    "it": "il di che la e un per non una del della sono con si da i le è al dei nel più gli come anche ha alla lo ma "
    "delle questo dal nella suo stato hanno essere tra",
    "pt": "o a os as de que e do da em um uma para com não por mais dos no na se como foi ao ele das tem à seu sua ou "
    "ser quando muito há nos já está também só pelo pela são",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als dan maar bij of uit nog naar heeft hij "
    "ze wordt door over werd deze meer geen wat",
    "sv": "och att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när år "
    "under också efter eller nu",
    "pl": "i w na z że się do nie to jest o jak po co tak za od przez ale dla był przy ma tym może tylko już jego "
    "oraz są który która które",
    "cs": "a se v na je že o s z do i to k ve pro za by ale si po jako podle od jsem který které která není bude",
    "tr": "ve bir bu da de için ile çok olarak daha olan gibi en kadar sonra ne var ki ama olduğu değil göre her",
    "vi": "của và là các có được cho trong với một không những đã này người khi để đến về ở tại ra từ như cũng",
    "id": "yang dan di ini itu dengan untuk tidak dari dalam akan pada juga ke karena ada oleh adalah sudah saya bisa",
    "ro": "și de la în a cu pe că nu o este din un se pentru mai au care sunt fost ce această sau după",
    "hu": "a az és hogy nem is egy ez meg de van volt csak azt már mint vagy ha még el magyar",
    "fi": "ja on ei että se oli hän mutta myös kun ovat mukaan jo tai joka sekä niin ole vain",
    "ru": "и в не на что с по как это он к из у за от о для его но все так же было она был",
    "uk": "і в не на що з до як це та за від у про його але він є для й також було",
    "ar": "في من على إلى أن عن مع هذا التي الذي ما كان لا بعد قد هذه كما",
    "fa": "و در به از که این را با است برای آن یک خود تا می بر",
}
_CODES: dict[str, tuple[str, ...]] = {
    word: tuple(code for code, words in _SMALL_WORDS.items() if word in words.split())
    for words in _SMALL_WORDS.values()
    for word in words.split()
}
_SCRIPTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("[\u3040-\u30ff]"), "ja"),
    (re.compile("[\uac00-\ud7af]"), "ko"),
    (re.compile("[\u4e00-\u9fff]"), "zh"),
    (re.compile("[\u0e00-\u0e7f]"), "th"),
    (re.compile("[\u0590-\u05ff]"), "he"),
    (re.compile("[\u0370-\u03ff]"), "el"),
    (re.compile("[\u0900-\u097f]"), "hi"),
)


def detect(text: str) -> str:
    """ISO 639-1 code of the language, or ``und`` where the text is too short or unknown to the lists.

    A text of few words in Latin script with no sign of another language counts as English, because
    headlines and single quotations carry few small words.
    """
    sample = text[:_SAMPLE]
    plain = sample.isascii()
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return "und"
    for pattern, code in () if plain else _SCRIPTS:
        if len(pattern.findall(sample)) > 0.15 * letters:
            return code
    words = _WORD.findall(sample.lower())
    if not words:
        return "und"
    scores = dict.fromkeys(_SMALL_WORDS, 0)
    for word in filter(_CODES.__contains__, words):
        for code in _CODES[word]:
            scores[code] += 1
    best = max(scores, key=lambda code: (scores[code], code == "en"))
    latin = plain or sum(char < "\u0250" for char in sample if char.isalpha()) > 0.7 * letters
    share = scores[best] / len(words)
    if best != "en" and latin and scores["en"] >= 0.9 * scores[best]:
        best = "en"
    few = 3 if scores["en"] else 2
    if len(words) < 12 and latin and (share < 0.2 or scores[best] < few):
        return "en" if scores["en"] or "".join(words).isascii() else "und"
    return best if share >= 0.08 else "und"
