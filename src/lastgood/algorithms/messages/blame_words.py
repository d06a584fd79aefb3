"""Words for people, and for what is held against them. Classes hold stems."""

from lastgood.algorithms.messages.stems import words

# Words for those who do the work; a fault ascribed to one of them is blame.
PEOPLE = words("""
accountant admin administrator agency agent analyst anybody anyone apprentice approver architect assignee assistant
auditor author authority board boss broker buyer captain caretaker cashier ceo chef chief cleaner clerk client-side
club co-worker coach coder colleague commander committer company consultant contractor cook coordinator copywriter
council courier coworker crew cto dba dean department deployer designer dev developer director dispatcher doctor
driver editor electrician employee engineer everybody executive expert faculty firm folk foreman founder freelance
freelancer group guard guy he head hire individual inspector institute intern janitor journalist junior lawyer lead
leader leadership librarian maintainer man management manager mayor mechanic member mentor minister ministry moderator
newbie newcomer nobody nurse office officer on-call oncall operator owner person pharmacist pilot planner plumber
police predecessor president principal professor programmer receptionist recruiter rector rep representative responder
reviewer rookie salesman salesperson saleswoman scientist secretary seller senior she shift somebody someone
specialist spokesman spokesperson squad sre staff steward student successor supervisor supplier surgeon sysadmin
teacher team teammate technician teller temp tester they trader trainee trainer translator union vendor volunteer vp
waiter whoever woman worker writer
""")
TEAMS = words("""
accounting care compliance dbas devops dispatch engineering facilities finance helpdesk housekeeping hr legal logistics
marketing netops operations ops payroll procurement purchasing qa reception relations sales secops security support
""")
# Of teams that are also things (`TLS support`): what stands before one that is people.
LINES = words(
    "level tier line first second third customer field night game day weekend desk inside our their local tech technical it"
)
# Teams that are called as what they look after: of these only what a machine cannot do is a fault of people.
TEAMS_OR_SYSTEMS = words(
    "platform infra infrastructure backend back-end frontend front-end product design network data web mobile"
)
# Words for people and for machines alike, unless one of the others stands before them.
TWOFOLD = (
    words(
        "agent worker operator manager leader member supervisor group head driver planner editor writer translator guard captain steward cook auditor teller they"
    )
    | TEAMS_OR_SYSTEMS
)
HUMAN_KINDS = words("""
account bus change client content contract crane customer data-center day delivery duty engineering floor forklift her
hiring his human incident junior line lorry marketing middle my night on-call our plant product project qa quality
release sales senior shift staff supplier support taxi team train truck vendor weekend your
""")

# What is said of people who are held guilty.
IDIOMS = (
    "to blame", "responsible for the", "at fault", "spoken to", "more training", "did nothing", "the culprit",
    "did this", "caused it", "guilty", "cut corners", "cutting corners", "jumped the gun", "at the wheel", "had no idea",
    "no clue", "on his watch", "on her watch", "on their watch", "without permission", "without asking", "without testing",
    "without approval", "out of his depth", "out of her depth", "out of their depth", "too busy", "strikes again",
    "strike again", "to thank", "was doing", "were doing", "went rogue", "by accident", "by mistake", "was left to",
    "were left to", "not think", "of course", "sat on it", "could not decide", "unable to decide", "not at his desk", "not at her desk", "knew about", "knew that", "known that",
    "should know better", "left alone", "not to be trusted", "out of laziness", "as usual", "as always", "once again",
    "yet again", "in a hurry", "took forever", "took ages", "too long", "too late", "too slow", "has a habit", "have a habit",
    "known for", "took its time", "took his time", "took her time", "took their time", "took too", "let us down",
    "let everybody down", "let everyone down", "could not be bothered", "couldn't be bothered", "on purpose", "got it wrong",
    "told nobody", "told no one", "asked nobody", "asked no one", "told none", "in the middle of", "begged", "too early",
    "too soon", "wanted to make", "the wrong way", "ran over", "all the same", "just the same", "even so", "blind eye",
    "what happens when", "save money", "saved money", "cut costs", "looked away", "looked the other way", "shrugged it off",
    "washed his hands", "washed her hands", "passed the buck", "half-heartedly", "did not and", "slept through", "too proud",
    "too lazy", "behind our backs", "behind our back", "on a whim", "just because", "for no reason", "without need",
    "lost control", "lost track", "lost sight", "on a friday",
)  # fmt: skip
# What only people do, and only badly.
CARELESS = words("""
balls blunder botch breach brick bungle bypass cheat circumvent conceal copy-paste copypaste dawdle defy denied
disobey disregard dither evade fat-finger fiddle flout forget fumble goof hardcode hesitate hose hurry ignore insist
meddle mess misapply miscalculate misclick miscommunicate misconfigure misconstrue mishandle misinform misinterpret
misjudge mislabel mismanage misname misplace misread misreport misroute missed misspell mistime mistreat mistype
misunderstand misuse muck neglect omit overlook override overrode overrule oversleep panic procrastinate ram refused
rush sabotage screw shirk skimp skip slack smash stall tamper trample underestimate violate withhold
""")
# Verbs by which something wrong is found or put right; with one of them a fault is not held against anybody.
MENDING = words("""
ask block call catch change check clean compare confirm correct describe detect disable discover document drop exclude
explain find fix flag handle hide identify inform investigate isolate learn locate look mention mitigate notice refund
remove repair repay replace report resolve restart restore reverse revert review roll rule see show spot stop tell test
trace turn undo watch
""")
# What happens when something goes wrong.
BREAKING = words(
    "fail break crash wrong outage incident downtime lose lost leak corrupt die collapse unavailable down"
)
# Of the mending verbs those that change something: with them, too, it can be the wrong thing.
CHANGING = words(
    "revert roll remove replace disable restore repair undo reverse restart stop block drop refund repay turn compare clean"
)
# What may be left undone without anybody's fault: what somebody was not told or could not have.
EXCUSED = words(
    "aware able allowed possible needed responsible involved available know have receive get hear need want be own lose find could able see"
)
# What only people do with their hands or their word.
BY_HAND = words(
    "type click press choose push merge sign approve copy paste plug unplug pull select pick promise write enter edit"
)
# What one can do without, and should.
GOOD_WITHOUT = words(
    "downtime effect success loss problem error interruption incident issue delay trouble impact cause failure harm risk"
)
# How something was done, or gone on with, that should not have been.
MARKERS = words("anyway anyways regardless nonetheless blindly hurry haste forever")
# What people, changes and machines do alike: with a person for its subject it is blame.
HARMFUL = words("""
break cause corrupt cost crash damage destroy expose hammer leak leave let nuke overload ruin spill terminate trip
unplug wipe wreck
""")
# Of these it depends on what was hit, or on how.
RISKY = words(
    "delete erase kill trigger introduce take drop lose overwrite truncate disable bring disrupt stop get knock "
    "switch shut cut cancel disconnect detach pull terminate unplug remove give publish run"
)
HARMED = words("""
ball breakage bug build checkout contract crash credential data database defect down downtime error everything failure
incident issue key loss mess off offline outage password payment problem prod production regression secret site
""")
DUTIES = words("""
acknowledge announce answer approve ask back-up bother care catch check communicate consult coordinate document
double-check escalate follow inform know learn listen look monitor notice notify obey own pay pick plan press prevent
proofread question read remember renew respond review rotate run talk tell test think understand update validate verify
warn watch
""")
# Duties towards people, which a machine does not have.
SOCIAL = words(
    "escalate notify tell inform warn communicate coordinate consult announce review ask check test read follow document learn "
    "notice realise realize remember think care bother understand plan"
)
# What people are expected to do always; that they do not is held against them.
MINDFUL = words("understand care test read document listen think communicate bother review learn")
DEEDS = words("""
add apply approve build change choose click close code commit configure copy delete deploy design drop edit enter
execute flip give launch make merge open paste pick plug promise push reboot release remove restart restore revert run
select set ship sign start stop submit turn type use wire write
""")
FAULTY = words("""
accidental awful bad breaking broken buggy careless crappy dangerous dodgy dumb erroneous faulty garbage hacky
half-baked half-finished hasty horrible hurried ill-advised illegal inadvertent inappropriate incorrect insecure invalid
lazy lousy mess misguided mistake mistaken negligent nonsense poor reckless rubbish rushed shoddy silly sloppy stupid
terrible typo ugly unapproved unauthorised unauthorized unfinished unindexed unreviewed unsafe untested wrong
""")
CARELESSLY = words("""
accidentally blindly carelessly erroneously foolishly hastily improperly inadvertently incorrectly inexplicably
irresponsibly mistakenly needlessly negligently prematurely recklessly sloppily stupidly unnecessarily unwittingly
wrongly
""")
FAULTS = words("""
absence arrogance blunder carelessness decision doing ego error failure fault greed haste hesitation ignorance
impatience inability inaction inattention incompetence indifference inexperience judgement judgment lack laziness
misconfiguration misjudgement misjudgment mistake misunderstanding misuse neglect negligence omission oversight pride
recklessness refusal reluctance sabotage shortcut silence slip sloppiness stubbornness stupidity typo unwillingness
""")
CHARACTER = words("""
absent absent-minded afraid amateurish arrogant ashamed asleep attention careless cavalier clueless competent complacent
cowboy discipline distracted drunk dumb fool foolish hasty hungover idiot ignorant ill-prepared impatient inattentive
incapable incompetent inexperienced irresponsible late lax lazy lousy negligent oblivious overconfident overtired
overworked reckless scared sleeping sloppy slow stubborn stupid tired trigger-happy unavailable uncooperative unfit
unhelpful unprepared unprofessional unqualified unreliable unresponsive unskilled untrained untrustworthy unwilling
useless
""")
# Faults that only people have.
HUMAN_FAULTS = words("""
carelessness complacency foolishness ignorance inattention incompetence laziness negligence recklessness sloppiness
stupidity
""")
HUMAN = words(
    "rookie beginner amateur newbie schoolboy human user operator admin administrator employee staff personnel fat-finger engineer developer technician pilot people"
)
# What an error may be of that is shown or kept, not made.
SHOWN = words(
    "message page text code rate log report count handling handler screen response budget share dialog banner string"
)
# What is done to people who are held guilty.
PUNISHED = words(
    "retrain reprimand fire dismiss discipline punish suspend sack demote scold lecture accountable individual"
)
PRESSED = words(
    "agree accept commit claim swear assure insist promise demand force press pressure refuse approve rush overrule"
)
# Given names that look like plurals.
NAMES_IN_S = words("""
agnes alexis andreas angus boris carlos charles chris denis dennis doris elias frances francis hans ines iris james jess
jonas joris klaus lars linus louis lucas luis magnus marcus markus matthias miles nicholas nicolas niels rasmus silas
thomas tobias tomas
""")
# Ordinary subjects that a sentence may begin with and that are no people's names.
SYSTEMS = words("""
adyen airflow akamai alert amex android ansible apache api app april argo august aurora autoscaling aws azure backup
balancer bigquery browser build cache canary card cards cassandra cause cdn celery certificate chat checkout chrome
clickhouse cloud cloudflare cluster config connection connections consul container cookie cpu cron dashboard database
datadog debian december deploy deployment detection disk dns docker dynamodb ec2 edge elasticsearch email envoy
everything export failover fastly february firefox firewall flag flink friday garbage gateway github gitlab gmail google
grafana hadoop haproxy helm hive host hypothesis identified image impact import index instance investigating invoice
invoices ios istio it january java jenkins jira job july june kafka klarna kubernetes lambda latency linux lock locks
login logins mail march mariadb mastercard may memcached memory migration mitigation mobile monday mongo mongodb
monitored monitoring mysql network nginx node nothing november october okta oracle order orders outlook owner pager
password payment payments paypal pipeline pod pods pool postgres prometheus proxy python query queue rabbitmq redis
refund refunds release replica report resolved retries retry rollback rollout router runbook s3 safari salesforce
saturday scaling scheduler search sendgrid sentry september server session sev1 sev2 shard sharepoint shopify sign-in
sign-up signin signup slack snowflake solr something spark square status storage stripe sunday suspected switch sync
table teams terraform test tests that there this thread threads throughput thursday timeout tls token tomcat traffic
trigger tuesday twilio ubuntu update upload varnish vault video visa web webhook webhooks wednesday what which who
windows worker zookeeper zoom
""")
CHANGES = words(
    "change commit deploy deployment code script query patch merge release edit migration pr refactoring work push tweak"
)
