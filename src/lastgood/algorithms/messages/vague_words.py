"""Words that say little: the classes by which a sentence is weighed for what it tells. Classes hold stems."""

from lastgood.algorithms.messages.stems import words

# Words that carry no content of their own.
FUNCTION = words("""
a about above after again against ago ahead all along already also although always am among an and another any anybody anyone
anything are aren as at away back be because been before being below between both but by can cannot could couldn did didn do does
doesn doing don down during each either else enough even ever every everybody everyone everything for from further get had hadn has
hasn have haven having he her here hers him his how however i if in instead into is isn it its itself just ll let like may me might
mine more most  much must my near neither never no nobody none nor not nothing now of off on once one only onto or other others our
ours out over own past per perhaps please quite rather re s same shall she should since so some somebody someone something somewhere
still such t than that the their theirs them then there therefore these they this those though through thus till to together too
toward towards under until up upon us ve very via was wasn we well were weren what whatever when whenever where whether which while
who whoever whole whom whose why will with within without won would wouldn yet you your yours yourself hello hi dear thank thanks
sorry apologise apologize apology patience regret kindly understanding inconvenience appreciate e.g i.e etc ok okay
""")

COURTESY = words(
    "hello hi dear thank thanks sorry apologise apologize apology patience regret please yes welcome question who"
)

# Nouns that name no thing in particular.
EMPTY_NOUNS = words("""
issue problem situation matter thing trouble difficulty condition incident solution resolution fix workaround measure step action
option avenue idea change adjustment tweak progress priority urgency cause root fault impact effect functionality feature component
system service environment platform product part area piece side end information detail news update message communication report
investigation troubleshooting remediation remedy mitigation recovery log dashboard graph chart number metric parameter setting
configuration config team engineer folk person guy expert specialist colleague staff provider vendor supplier party partner user
customer client visitor audience base subset case moment while time bit lot way kind sort mean circumstance event anomaly glitch
hiccup error failure blip outage disruption instability behaviour behavior experience response effort attempt approach path plan
analysis diagnosis diagnostic review work task stage point level state status picture root-cause infrastructure backend back-end
software application app site website web page server hardware machine internal external stuff room hand deck eye word
technical support operation process procedure call bridge channel source origin nature interruption concern place bottom ground
priority forefront bulk headway momentum hour minute stability availability performance quality reliability usage use
access capability offering community crew squad specialist counterpart duty nothing workload scope extent degree range sight
horizon light tunnel mind focus contact touch hope luck doubt answer clue lead track pace speed control
complication weirdness oddity irregularity degradation slowness reason explanation opportunity course attention
everything something anything business normality factor stakeholder mode today morning afternoon evening noon tonight
""")

# Verbs that say that something is done, not what.
EMPTY_VERBS = words("""
look investigate work dig check see monitor watch keep try explore evaluate consider troubleshoot tune address handle fix mitigate
resolve restore recover continue engage escalate contact collaborate cooperate coordinate narrow isolate identify find locate
pinpoint apply implement deploy roll put take make do provide share follow post come experience notice encounter run face affect
impact hit improve expect hope think believe know understand assure bear hang stay wait hear go bring treat help report update
communicate inform notify remain seem appear progress stabilise stabilize be have get let turn happen occur involve use want need
aim strive ensure analyse analyze diagnose examine study review research test verify confirm correct solve rectify remediate remedy
repair detect observe receive reach assess determine figure track pursue tackle deal manage assign allocate dedicate mobilise
mobilize act respond react proceed move start begin end close finish complete return say tell give show feel believe acknowledge
flag raise debug deep-dive prioritise prioritize commit plan prepare circle touch ping focus concentrate sort limit concern evolve
develop unfold settle calm clear ease gather collect chase hunt drill attend suffer undergo endure press pursue refine finalise
finalize liaise interact inspect liaise ensure provide serve strive hurry rush race hustle scramble juggle sort wrap resume go happen
guarantee promise value appreciate listen assist support investigate triage comb sift poke ponder brainstorm discuss debate regroup
sync align mitigate remediate alleviate reduce minimise minimize contain stop prevent avoid lessen
""")

# Adjectives and adverbs that give no measure.
EMPTY_QUALIFIERS = words("""
aware able available actively currently presently closely carefully hard heavily diligently thoroughly intensively urgently quickly
rapidly fast swiftly promptly constantly continuously ongoing underway way progressively gradually significant significantly
substantial considerable considerably steady steadily slowly good best right relevant appropriate responsible respective certain
various multiple several different differently particular specific general overall main key top high low big large small great
internal external technical unexpected unusual strange odd weird unknown potential possible possibly likely unlikely temporary
temporarily preliminary initial initially additional further new old current previous earlier recent recently next last first final
finally fully full partial partially complete completely almost nearly mostly largely mainly somewhat slightly slight rather fairly
utmost close sure certainly definitely clearly obviously apparently seemingly hopefully basically essentially usual usually normal
normally typical typically under-way around-the-clock top-priority internally externally underlying meanwhile likewise overall
available serious seriously severe severely major critical critically strong strongly intense intensely heads-down nonstop non-stop
deep deeply broad broadly widespread localised localized isolated brief briefly short long quiet quietly busy calm ready sorry
actual actually real really correct quick tight simple complicated complex better soon shortly later
""")

# States that are bad or good without a measure.
SOFT_STATES = words("""
flaky wobbly shaky unhappy weird slow sluggish laggy unstable unreliable degrade degraded degradation struggle misbehave
unavailable disrupt disruption hiccup glitch trouble difficulty delay slowness elevated elevate increased increase higher lower
high up down bad worse better improve stable stabilise stabilize healthy healthier fine fire funny odd off funky rough spotty
patchy choppy unwell sick ill broken normal problem issue error timeout time-out fail failure impact affect issues great limited
intermittent intermittently occasional occasionally sporadic sporadically partial partially recover resolve restore wonky janky
weirdness slower good well
""")

# What every system has: that it is meant says little, unless what happens to it is said.
TOPICS = words("""
traffic payment checkout login api database network production prod cluster latency load capacity data request app query order
""")

# Quantities without a number.
WEASELS = words("""
some several certain many most majority few handful subset portion fraction multiple various numerous lots lot couple bunch
occasional occasionally intermittent intermittently sometimes sporadic sporadically partially mostly minor minority limited scattered
percentage proportion segment share section number plenty countless isolated bit select slice chunk amount
""")
# What is counted when it matters: without a number after a weasel, the reader asks how many.
COUNTED = words("""
user customer client visitor person audience member account tenant shop order request call query session login payment transaction
card message mail email e-mail file job row service feature functionality component server host node instance region country page
thing step measure change restart failure error timeout time-out ticket complaint report question part area traffic load attempt
functionality tweak adjustment operation action team one you us them provider system device platform base deploy ship delivery booking
impact disruption trouble issue problem difficulty slowness delay idea
""")

# Time that nobody can set a watch by.
RELATIVE_TIME = words("""
soon shortly later momentarily eventually presently imminently asap soonest anon promptly
""")
RELATIVE_PHRASES = (
    "before long", "in a bit", "in a while", "in due course", "due course", "as soon as", "within the hour", "next opportunity",
    "at a later", "in the near future", "in the coming", "at this time", "at the moment", "for now", "a moment", "any minute",
    "any time", "for a while", "in time", "further notice", "as and when", "once there is", "once we", "when there is",
    "when we have", "when we know", "a short while", "a short time", "the next hours", "the next few", "earliest convenience",
    "over time", "when available", "as available", "becomes available", "become available",
)  # fmt: skip
# Messages to come.
NEWS = words("update news information info detail message communication word announcement post eta report")
TO_COME = (
    "keep you posted", "keep you updated", "keep you informed", "keep everyone posted", "let you know", "stay tuned", "circle back",
    "report back", "check back", "get back to you", "more to come", "to follow", "will follow", "be back with", "watch this space",
    "keep posting", "keep everyone updated", "keep everyone informed", "touch base",
)  # fmt: skip

HEDGES = words("""
may might could should perhaps maybe possibly probably likely hopefully presumably apparently seem appear suspect think believe
guess assume reckon suppose potentially conceivably looks
""")
TOTALS = words("all every everyone everybody nobody none any both each nothing entire no whole only")
