"""Words that say little: the classes by which a sentence is weighed for what it tells. Classes hold stems."""

from lastgood.algorithms.messages.stems import words

# Words that carry no content of their own.
FUNCTION = words("""
a about above across after again against ago ahead all along already also although always am amid among amongst an and
another any anybody anyone anything apologise apologize apology appreciate are aren around as at away back be because
been before being below besides between beyond both but by can cannot could couldn dear despite did didn do does doesn
doing don down during e.g each either else enough etc even ever every everybody everyone everything except far for
from further get had hadn has hasn have haven having he hello her here hers hi him his how however i i.e if in
inconvenience instead into is isn it its itself just kindly let like ll may me might mine more most much must my near
neither never no nobody none nor not nothing now of off ok okay on once one only onto or other others our ours out
over own past patience per perhaps please quite rather re regret s same shall she should since so some somebody
someone something somewhere sorry still such t than thank thanks that the their theirs them then there therefore these
they this those though through throughout thus till to together too toward towards under understanding unless until up
upon us ve very via was wasn we well were weren what whatever when whenever where whereas whether which whichever
while who whoever whole whom whose why will with within without won would wouldn yet you your yours yourself
""")

COURTESY = words(
    "hello hi dear thank thanks sorry apologise apologize apology patience regret please yes welcome question who"
)

# Nouns that name no thing in particular.
EMPTY_NOUNS = words("""
abnormality access action adjustment admin advance advice afternoon aid aim analysis analyst anomaly answer anything
app application approach area assistance assumption attempt attention audience availability avenue awareness back-end
backend background base batch behavior behaviour bit blip bottleneck bottom box breakthrough bridge bug bulk bump
business button call capability carrier case cause challenge chance change channel chaos chart chat circumstance
client clock clue colleague communication community company complication component concern condition config
configuration contact content context contingency control conversation corner count counterpart counterparty course
crew criticality culprit cure customer danger dashboard day deck defect degradation degree department dependency
detail dev developer development device devops diagnosis diagnostic difficulty discussion disruption document doubt
duration duty effect effort end engineer engineering entry environment equipment error estimate estimation evening
event everything evidence experience expert explanation extent external eye factor failure fault fear feature field
file finding fix flaw fluke focus folk forecast forefront front functionality gear glitch goal graph gremlin ground
guess guidance guy hand hardware havoc heads-up headway help hiccup hindrance hint hitch hope horizon hour hypothesis
idea impact importance improvement incident inconvenience indication information infra infrastructure insight
instability instruction intent intention internal interruption intervention investigation investigator irregularity
irritation issue item kind knowledge lead length level light line list log loss lot luck machine magnitude majority
malfunction management manager matter mean measure meeting member menu message metric mind minority minute mishap
mistake mitigation mode moment momentum month morning nature news night noon normality nothing number observation
obstacle occurrence oddity offender offering office operation operations opportunity ops option order organisation
organization origin others outage outlook overview pace page parameter part partner party path patience peak
performance period person phase picture piece pipeline place plan platform point possibility priority probability
problem procedure process product progress provider purpose quality query question queue quirk range rate reason
recommendation record recovery reliability relief remainder remediation remedy report request resolution responder
response rest review risk room root root-cause schedule scope screen second seriousness server service setback setting
severity share side sight sign signal significance site situation size slowness snag software solution something sorry
sort source span specialist speed spike squad sre stability staff stage stakeholder state status step stuff
subcontractor subset suggestion summary supplier support suspicion symptom system talk target task team technical
thanks theory thing time timeframe timeline tip today tonight tool topic total touch track trouble troubleshooting
tunnel turbulence turmoil tweak understanding unit update urgency usage use user utilisation utilization vendor
visitor volume way web website week weekend weirdness while window wood woods word work workaround workload worry
wrinkle
""")

# Verbs that say that something is done, not what.
EMPTY_VERBS = words("""
accelerate accomplish achieve acknowledge act address advise affect aim align alleviate allocate analyse analyze
anticipate appear apply appreciate arise ask assess assign assist assume assure attain attempt attend avoid battle be
bear begin behave believe bide bother brainstorm bring calculate calm carry cause chase check circle clarify clear
climb close collaborate collect comb combat come commit communicate complete concentrate concern conduct confirm
consider contact contain continue cooperate coordinate correct counter creep crop deal debate debug decline dedicate
deep-dive delegate deploy describe detail detect determine develop diagnose die dig disappear discuss dispatch do
double-check drill drop ease emerge encounter end endeavor endeavour endure engage ensure escalate estimate evaluate
evolve examine execute expect expedite experience explain explore face fade fail fall fear feel fight figure finalise
finalize find finish fix flag focus follow follow-up forecast foresee forward function gather get give go grow
guarantee guess hand handle hang happen hasten have hear help hit hold hope hunt hurry hurt hustle identify impact
implement improve inform inspect interact investigate invite involve isolate juggle keep know last lead lean lessen
let liaise limit linger listen locate look make manage measure minimise minimize mitigate mobilise mobilize monitor
narrow need normalise normalize notice notify observe occur operate outline over oversee perform persist pick ping
pinpoint plan play poke ponder pop post predict prepare press prevent prioritise prioritize proceed progress promise
propose provide pursue push put quiet race raise re-check re-evaluate reach react reassess receive recheck reckon
recommend recover rectify recur reduce refine regret regroup relay remain remediate remedy remind reoccur repair
report request research resolve respond restore result resume return review revisit rise roll run rush say scramble
see seek seem settle share show shrink sift sit solve sort speculate speed stabilise stabilize stand start stay stick
stop strive study subside succeed suffer suggest summarise summarize supervise support suppose surface sync tackle
take task tell test think touch track treat trend triage trouble troubleshoot try tune turn undergo understand
undertake unfold update use validate value vanish verify wait want watch wonder work worry wrap
""")

# Adjectives and adverbs that give no measure.
EMPTY_QUALIFIERS = words("""
able acceptable accordingly actively actual actually additional adequate adverse adversely affected alert alleged
almost anyhow apparent apparently appropriate approximate around-the-clock assumed attentive available awake aware
basically best better big bit-by-bit brief briefly broad broadly busy calm careful carefully cautious cautiously
certain certainly chiefly clear clearly close closed closely collectively comfortable committed common complete
completely complex complicated concerned confident considerable considerably constant constantly continual
continuously correct corrective critical critically crucial current currently damaged dear decent dedicated deep
deeper deeply defective definitely definitive delighted determined detrimental devoted different differently
diligently direct directly discouraging done downstream dust eager earlier encouraging enormous essential essentially
evident exact excuse experienced external externally extra fairly fast faulty fever final finally first fortunate
fortunately frequent frequently full fully further general generally glad good gradually great happy hard heads-down
health healthy heavily hence high highest hopeful hopefully however huge ideal ideally immediate immediately impacted
important initial initially instant instantly intense intensely intensively interested interim internal internally
isolated joint jointly keen key large largely last lasting later likely likewise little localised localized long
long-term longer low luckily lucky main mainly major manageable marginal massive meanwhile mess mild minimal
mitigating mixed moderate modest mostly multiple nearly necessary needed negative negatively negligible nevertheless
new next nice non-stop nonetheless nonstop normal normally notable noticeable noticeably nurse obvious obviously odd
often old ongoing online open operational optimal optimistic otherwise overall pain partial partially particular
perfect permanent permanently pleased positive possible possibly potential precise preliminary presently pressure
preventative preventive previous progressively promising promptly proper properly provisional quick quicker quickly
quiet quietly rapidly rare rarely rather ready real really reasonable recent recently regrettable regrettably regular
regularly related relevant relieve required respective respectively responsible responsive right rough roughly
round-the-clock sadly satisfactory second-hand seemingly seldom senior serious seriously several severe severely short
short-term shorter shortly significant significantly simple sizeable skilled slight slightly slowly small smoke smooth
smoothly somewhat soon sooner sorry specific steadily steady step-by-step strange strong strongly stuck suboptimal
substantial sufficient suitable sure suspected swiftly technical temporarily temporary thankfully therefore third
third-party thoroughly thus tidy tight tiny together top top-priority trusted typical typically unclear uncommon
under-way underlying underway unexpected unfortunate unfortunately unhappy unhealthy unknown unlikely unusual upstream
urgent urgently usual usually utmost vague various vast vigilant visible vital way weather weird well-known whole
widespread worried worst
""")

# States that are bad or good without a measure.
SOFT_STATES = words("""
abnormal acute adverse affect amber annoying anomaly awkward bad better bumpy busy challenging choppy congested
congestion crash crashes crashy crawl degradation degrade degraded delay difficult difficulty dip disrupt disruption
downtime drop elevate elevated erratic error fail failure fine fire flaky funky funny glitch good great green hard
healthier heavier heavy hiccup high higher ill impact improve inconsistent increase increased intermittent
intermittently interrupt interruption issue issues janky jump lag laggy limited limp long lower malfunction messy
misbehave nasty normal occasional occasionally odd outage overload overloaded painful partial partially patchy peak
pile problem recover red resolve responsive restore rise rough saturated shaky sick slow slower slowness sluggish
spike sporadic sporadically spotty stabilise stabilize stable stall stalled stress stressed struggle suboptimal surge
time-out timeout tough tricky trouble unhappy unpleasant unpredictable unreliable unresponsive unstable unusual unwell
uptick wave weird weirdness well wobbly wonderful wonky worse yellow
""")

# Of these the ones that are named alone: `timeouts on the API`.
TROUBLES = words("""
bug congestion degradation delay difficulty dip disruption downtime drop error failure hiccup increase instability
interruption issue lag latency malfunction outage problem slowdown slowness spike surge time-out timeout trouble
""")

# Work of which only the object tells anything.
WORK = words("""
address analyse analyze assess aware chase check consider contact diagnose dig discuss engage evaluate examine explore
handle inform inspect investigate involve know look monitor notify poke pursue review sort study tackle treat triage
troubleshoot watch work
""")
# What a measure does; by how much is the question.
MOVES = words("""
accumulate advance climb decline decrease deteriorate drop ease fall fill grow improve increase lessen lower normalise
normalize pile progress raise recover reduce rise shrink stabilise stabilize subside worsen
""")
# That people try, where what they try would be worth saying.
EFFORT = words("""
diligently eagerly feverishly flat-out frantically hard industriously intensively relentlessly tirelessly urgently
utmost vigorously
""")
# What is said of machines as of people or animals, and tells no symptom.
FIGURES_OF_SPEECH = (
    "acting up", "acts up", "acted up", "playing up", "plays up", "playing tricks", "on the fritz", "on the blink", "on strike", "back to health",
    "back to life", "back on track", "on its knees", "on fire", "in flames", "out of the woods", "turned the corner", "turning the corner",
    "having a bad day", "had a bad day", "having a moment", "in a bad way", "in bad shape", "under the weather", "not happy", "went sideways",
    "gone sideways", "went south", "gone south", "on top of it", "on the case", "in hand", "under control", "holding up", "hanging in there",
    "hit and miss", "hit or miss", "touch and go", "on and off", "up and down", "here and there", "now and then", "from time to time", "more or less", "by and large", "to some extent", "to a lesser extent",
    "to a degree", "fingers crossed", "a bit", "kind of", "sort of", "pretty much", "up and running", "as good as new", "like a charm",
)  # fmt: skip
# Something that is named by nothing.
INDEFINITE = words("something somewhere somehow stuff things whatever something's")
# How it is done: not as it should be.
MANNER = words("""
badly consistently correctly designed erratically expected funny improperly incorrectly intended normally oddly poorly
properly reliably right should smoothly strange strangely unusually weird weirdly well
""")
# Told by others, whose number would tell something.
HEARSAY = words("report complain mention tell inform notice observe hear")
# That something may be so, or is so only in part.
MAYBE = words("may might could possible possibly potential potentially can-be perhaps maybe")
IN_PART = words("always all every fully entirely completely everywhere")
# Harm, of whatever kind.
HARM = words("""
affect cannot crash degrade delay difficulty disconnect disruption duplicate error fail failure freeze glitch hang hard
hurt impact incomplete incorrect interruption issue lag late lose miss outage problem slow slowness stutter timeout
trouble unable unavailable wrong
""")

# What every system has: that it is meant says little, unless what happens to it is said.
TOPICS = words("""
alarm alert api app architecture backend backlog balancer box broker capacity change-set checkout cloud cluster
connection connectivity container cpu data database dependency deploy deployment disk endpoint gateway heap host
hosting index instance integration latency load login memory microservice module monitoring network node order patch
pattern payment pod primary prod production proxy query queue reboot region release replica request resource restart
roll-back rollback server servers service shard stack standby storage thread traffic vm volume worker
""")
# Of these, and of the empty nouns, those that name a part: two of them in one sentence name something.
THINGS = words("""
alert alarm balancer box breaker broker button channel client cluster container dashboard device disk document endpoint file form gateway
heap host instance job log memory message module node order page pod proxy queue record replica schedule server shard source stack
standby storage thread ticket tool vm volume worker workaround batch backup backend replica primary standby mail line hand team engineer customer
""")
# What is done to such things: an act without a name for what it was done to says little.
ACTS = words("""
activate add adjust alter amend configure deactivate decrease deploy disable downgrade enable enhance exchange expand
extend fine-tune flush improve increase install introduce launch modify optimise optimize patch place process
provision purge push re-deploy rebalance reboot reconfigure redeploy reduce refresh release reload remove replace
reset restart retry reverse revert rework roll-back rollback rotate scale ship stabilise submit swap switch toggle
tune tweak undo update upgrade
""")


# Quantities without a number.
WEASELS = words("""
amount areas bit bunch certain chunk countless couple few fraction handful intermittent intermittently isolated limited
lot lots majority many minor minority most mostly multiple number numerous occasional occasionally partially parts
percentage plenty portion proportion scattered section segment select several share slice some sometimes sporadic
sporadically subset various
""")
# What is counted when it matters: without a number after a weasel, the reader asks how many.
COUNTED = words("""
account action adjustment area attempt audience base booking call card change client complaint component country
customer damage data degradation delay delivery deploy device difficulty disruption downtime e-mail email error
failure feature file functionality host idea impact instance interruption issue job load login loss mail measure
member message node one operation order page part payment person platform problem provider query question region
report request restart row server service session ship shop slowness step system team tenant them thing ticket
time-out timeout traffic transaction trouble tweak us user visitor you
""")

NUMBERS = words("""
double dozen eight eleven fifty five forty four half hundred million nine quarter seven six ten thirty thousand three
triple twelve twenty twice two zero
""")
# What a name of its own follows: `region eu`, `plan free`.
NAMED = words(
    "region zone plan table cluster shard host flag job queue country tenant node topic bucket branch"
)

# Time that nobody can set a watch by.
RELATIVE_TIME = words("""
anon asap eventually imminently later momentarily presently promptly shortly soon soonest
""")
RELATIVE_PHRASES = (
    "before long", "in a bit", "in a while", "in due course", "due course", "as soon as we", "as soon as they", "as soon as it", "as soon as there", "as soon as i", "as soon as more", "within the hour", "next opportunity",
    "at a later", "in the near future", "in the coming", "at this time", "at the moment", "for now", "a moment", "any minute",
    "any time", "for a while", "in time", "further notice", "as and when", "once there is", "once we", "when there is",
    "when we have", "when we know", "a short while", "a short time", "the next hours", "the next few", "earliest convenience",
    "as long as it takes", "for as long as", "some day", "one day", "at some point", "in the course of", "down the road", "down the line",
    "in the days", "in the hours", "in the weeks", "by and by", "sooner or later", "until then", "when it is done", "when done", "in good time", "in no time", "over the course", "in the next", "over the next", "in a few", "in the meantime", "no eta", "to be determined", "tbd", "tba",
    "to be announced", "to be confirmed", "when possible", "as possible", "when ready", "take a while", "take some time", "take time",
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
apparently appear assume believe conceivably could guess hopefully likely looks may maybe might perhaps possibly
potentially presumably probably reckon seem should suppose suspect think
""")
# A comparison with nothing that was measured.
THAN_WHAT = words(
    "usual usually normal normally expected before average anticipated planned typical ideal desired acceptable we it they you people"
)
TOTALS = words("""
all any both each entire every everybody everyone no nobody none nothing only single whole
""")
