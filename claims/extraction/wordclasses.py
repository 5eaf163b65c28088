"""Small classes of English words that say what a sentence is about: numbers, comparing, change, opinion …

They were written by hand. The worthiness model sees each class as one readable feature, and
``kinds`` names the same classes to the reader as reasons, so the two never tell different stories.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NUMBER = _words(
    "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion "
    "trillion hundreds thousands millions billions trillions dozen dozens"
)
MAGNITUDE = _words(
    "hundred thousand million billion trillion hundreds thousands millions billions trillions mn bn tn"
)
PERCENT = _words("percent percentage per-cent cent pct")
MONEY = _words(
    "dollar dollars cents euro euros pound pounds yuan yen rupees money cost costs price prices salary salaries "
    "wage wages income incomes deficit deficits debt debts budget budgets spending surplus revenue revenues"
)
QUANTITY = _words(
    "many most few several majority minority number numbers amount amounts rate rates average total percent "
    "half third thirds quarter quarters double doubled doubles triple tripled twice times ratio share portion "
    "much lot lots fewer less more figure figures level levels record"
)
TIME_UNIT = _words(
    "second minute minutes hour hours day days week weeks month months year years decade decades century centuries"
)
PAST_TIME = _words(
    "ago yesterday last previous previously earlier former formerly since past recently already"
)
MONTH = _words(
    "january february march april june july august september october november december jan feb mar apr jun jul aug "
    "sept sep oct nov dec"
)
WEEKDAY = _words("monday tuesday wednesday thursday friday saturday sunday")
COMPARE = _words(
    "more less fewer higher lower bigger smaller larger greater better worse faster slower longer shorter older "
    "younger richer poorer stronger weaker safer cheaper deeper wider harder easier than compared versus unlike "
    "equal same similar exceeds exceeded outpaced surpassed outnumber"
)
SUPERLATIVE = _words(
    "most least highest lowest biggest smallest largest greatest best worst fastest slowest longest shortest "
    "oldest youngest richest poorest strongest weakest safest cheapest first last only top leading"
)
CHANGE = _words(
    "increase increased increases increasing rise rose risen rising rises grow grew grown growing grows growth fall "
    "fell fallen falling falls drop dropped drops dropping decline declined declining declines cut cuts cutting "
    "reduce reduced reduces reducing reduction double doubled tripled quadrupled halved shrink shrank shrinking "
    "gained lost lose losing raise raised raises raising lower lowered expand expanded soared plunged surged jumped "
    "climbed slumped slashed added went gone up down"
)
CAUSE = _words(
    "because cause causes caused causing due led leads leading result results resulted resulting consequence "
    "therefore thus hence blame blamed reason reasons produced trigger triggered sparked prompted contributed effect"
)
ABSOLUTE = _words(
    "all every never always none nobody everybody everyone nothing only ever entire entirely any no first completely"
)
OPINION = _words(
    "think believe feel guess hope wish should ought must great terrible wonderful important wrong right best "
    "worst beautiful proud good bad fair unfair sad disgrace disgraceful horrible amazing fantastic tremendous "
    "incredible shame disappointing disappointed excellent ridiculous crazy stupid smart strong weak honest decent "
    "love hate favor prefer deserve deserves need needs better disaster tragic critical essential"
)
HEDGE = _words(
    "maybe perhaps might could may likely probably possibly seem seems seemed appears apparently suppose would"
)
FUTURE = _words(
    "will shall 'll won't going gonna expects expect forecast forecasts predict predicts plan plans tomorrow intend intends promise promises"
)
FIRST_SINGULAR = _words("i me my mine myself i'm i've i'd i'll")
FIRST_PLURAL = _words("we us our ours ourselves we're we've we'd we'll")
SECOND = _words("you your yours yourself you're you've you'd you'll")
THIRD = _words("he she him her his hers they them their theirs he's she's they're they've he'd she'd they'd")
OTHER_PERSON = _words(
    "he she him her his hers he's she's he'd she'd senator governor president mr mrs ms congressman secretary"
)
SPEECH = _words(
    "said says say saying told tell tells claimed claims claim stated announced argued called wrote promised asked denied "
    "admitted acknowledged suggested testified declared insisted warned reported according proposed"
)
LAW = _words(
    "law laws legal illegal illegally unlawful lawful constitution constitutional unconstitutional court courts supreme "
    "ruling ruled statute amendment legislation bill bills act acts treaty treaties ban banned bans prohibited prohibits "
    "rights regulation regulations veto vetoed repeal repealed passed enacted signed ratified judge judges verdict "
    "convicted sentenced indicted sued lawsuit jurisdiction tariff tariffs sanctions"
)
VOTE = _words(
    "vote voted votes voting elected opposed supported sponsored cosponsored endorsed approved rejected introduced proposed vetoed"
)
POLICY = _words(
    "tax taxes jobs job unemployment economy economic economies inflation deficit debt budget medicare medicaid "
    "insurance health healthcare education schools school teachers crime guns immigration immigrants border military "
    "troops nuclear weapons missiles oil energy gas coal emissions climate welfare poverty trade exports imports "
    "manufacturing growth wages security pension abortion drugs prison prisons housing homes farmers vaccine vaccines"
)
GROUP = _words(
    "americans people citizens women men children families workers seniors students voters veterans blacks whites "
    "hispanics latinos immigrants refugees businesses companies countries nations states households"
)
COURTESY = _words(
    "thank thanks hello welcome goodnight goodbye applause laughter please sorry congratulations"
)
SPEAKING_TO = _words("jim bob martha gwen candy lester anderson chris elaine ladies gentlemen sir moderator")
EXISTENCE = _words(
    "is are was were am be been being 's 're exists existed remains remained became become has have had"
)
WH = _words("who what when where why how which whose whom")
AUXILIARY_PAST = _words("was were had did didn't wasn't weren't hadn't been")
MODAL = _words(
    "will would should could can may might must shall ought can't won't wouldn't couldn't shouldn't cannot"
)
NEGATION = _words(
    "not no never none nothing nobody neither nor n't didn't doesn't don't isn't wasn't aren't weren't hasn't haven't hadn't won't can't cannot couldn't wouldn't shouldn't"
)
CONNECTIVE = _words("and but so or because then also well now however look yes no")
IRREGULAR_PAST = _words(
    "went took made came gave got said told saw knew thought found left felt became began brought built bought cost cut "
    "did drew drove fell fought fed flew forgot froze grew heard held hit hurt kept laid led lent lost met paid "
    "put quit ran rose sent set shook shot shut sold spent spoke stood stole struck swore taught threw won wore "
    "wrote broke chose rode sang sank slept sought spread understood voted signed died killed ended won stopped"
)
STATUS_NOUN = _words(
    "president chairman chair minister leader member citizen director owner author head chief spokesman spokeswoman "
    "ambassador ally enemy state country city capital company party member members party official senator governor mayor"
)

FUNCTION = _words(
    "i me my we us our you your he him his she her it its they them their this that these those who what "
    "which when where why how a an the and or but so because if as of in on at by for from with to into about "
    "over under after before than then here there not no is are was were am be been being have has had do "
    "does did will would can could should may might must shall i'm i've i'll i'd we're we've we'll we'd "
    "you're you've you'll he's she's it's they're they've that's there's don't didn't doesn't isn't wasn't "
    "aren't can't won't wouldn't couldn't haven't hasn't let's what's more most less least many much some any "
    "all every never always only very just also even still now well said says say think believe know want "
    "going get got one first last year years percent million billion until since while during against between "
    "through let ought president governor senator mr america american people"
)

CLASSES: dict[str, frozenset[str]] = {
    "number": NUMBER,
    "magnitude": MAGNITUDE,
    "percent": PERCENT,
    "money": MONEY,
    "quantity": QUANTITY,
    "time unit": TIME_UNIT,
    "past time": PAST_TIME,
    "month": MONTH,
    "weekday": WEEKDAY,
    "compare": COMPARE,
    "superlative": SUPERLATIVE,
    "change": CHANGE,
    "cause": CAUSE,
    "absolute": ABSOLUTE,
    "opinion": OPINION,
    "hedge": HEDGE,
    "future": FUTURE,
    "I": FIRST_SINGULAR,
    "we": FIRST_PLURAL,
    "you": SECOND,
    "they": THIRD,
    "other person": OTHER_PERSON,
    "speech": SPEECH,
    "law": LAW,
    "vote": VOTE,
    "policy": POLICY,
    "group": GROUP,
    "courtesy": COURTESY,
    "addressing": SPEAKING_TO,
    "existence": EXISTENCE,
    "wh": WH,
    "past auxiliary": AUXILIARY_PAST,
    "modal": MODAL,
    "negation": NEGATION,
    "connective": CONNECTIVE,
    "irregular past": IRREGULAR_PAST,
    "status noun": STATUS_NOUN,
}
