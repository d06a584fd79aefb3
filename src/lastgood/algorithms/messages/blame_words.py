"""Words for people, and for what is held against them. Classes hold stems."""

import re

from lastgood.algorithms.messages.stems import words

# Words for those who do the work; a fault ascribed to one of them is blame.
PEOPLE = words("""
accountant admin administrator agency agent analyst anybody anyone apprentice approver architect assignee assistant
auditor author authority board boss broker buyer captain caretaker cashier ceo chef chief cleaner clerk client-side
club co-worker coach coder colleague commander committer company consultant contractor cook coordinator copywriter
council courier coworker crew cto dba dean department deployer designer dev developer director dispatcher doctor
driver editor electrician employee engineer everybody executive expert faculty firm folk foreman founder freelance
freelancer group guard guy he head hire individual inspector institute integrator intern janitor journalist junior
lawyer lead leader leadership librarian maintainer man management manager mayor mechanic member mentor minister
ministry moderator newbie newcomer nobody nurse office officer on-call oncall operator owner person pharmacist pilot
planner plumber police predecessor president principal professor programmer receptionist recruiter rector rep
representative responder reviewer rookie salesman salesperson saleswoman scientist secretary seller senior she shift
somebody someone specialist spokesman spokesperson squad sre staff steward student successor supervisor supplier
surgeon sysadmin teacher team teammate technician teller temp tester they trader trainee trainer translator union
vendor volunteer vp waiter whoever woman worker writer
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
        "agent worker operator manager leader member supervisor group head driver planner editor writer translator guard captain steward cook auditor teller they vendor supplier"
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
    "gave up", "walked away", "went home", "went to bed", "went to lunch", "wandered off", "no business", "never heard of", "to even",
    "common sense", "should of", "winged it", "phoned it in", "asleep at the", "dropped everything", "hung us out", "threw us under",
    "finger trouble",
    "kept pushing",
    "dropped the ball", "dropping the ball", "at random", "at will", "for lunch", "like a cowboy", "no excuse", "without thinking",
    "has to go", "have to go", "out of ignorance",
    "do nothing", "doing nothing", "it was a good idea", "one job", "mixed up", "of all people", "couldn't care less", "could not care less",
    "covered up", "under the rug", "under the carpet", "blew it", "sweet time", "took it upon", "on his own authority",
    "on her own authority", "acted alone", "nowhere to be found", "no idea what", "weakest link",
    "play with", "played with", "playing with", "toyed with", "played around", "made things worse", "made it worse",
    "made matters worse", "things worse", "matters worse", "no longer with us", "freaked out", "lost his nerve", "lost her nerve",
    "lost their nerve", "cold feet", "stood by", "sat back", "sat there", "shot from the hip", "on autopilot", "rushed into",
    "jumped to conclusions", "deaf ear", "amateur hour", "brilliant idea", "an apology", "answer for", "wide open",
    "asleep on the job", "head in the sand", "caught napping", "dragged their feet", "dragged his feet", "dragged her feet",
    "dragged its feet", "drop the ball", "fell short", "in over his head", "in over her head", "in over their heads",
    "kicked the can", "made a hash", "made a mess", "not up to", "out to lunch", "out of line", "sat on their hands",
    "sat on his hands", "sat on her hands", "slacked off", "eye off", "trigger happy", "turned up late", "showed up late",
    "washed their hands", "off script", "over our heads", "full of himself", "full of herself", "full of themselves",
    "better things to do", "more interested in", "fast and loose", "cared more about", "failed us", "let down", "let him down",
    "let them down", "could not resist", "couldn't resist", "to save time", "not a clue", "gone rogue",
    "not worth", "back to sleep", "to himself", "to herself", "to themselves", "kept quiet", "kept silent", "said nothing",
    "stayed silent", "in the dark", "off the rails", "hid behind", "hiding behind", "looked for excuses", "makes excuses",
    "made excuses", "nothing better to do", "their own fault", "his own fault", "her own fault", "lost interest",
    "no good reason", "to the gym", "to the pub", "time bomb", "homework",
)  # fmt: skip
# What only people do, and only badly.
CARELESS = words("""
abandon abuse balls blindside bluff blunder bodge botch breach brick brush bulldoze bungle butcher bypass cheat
circumvent conceal contravene copy-paste copypaste dally dawdle deceive deflect defy denied dismiss disobey disregard
dither dodge downplay doze duck endanger err evade exaggerate eyeball fabricate faff falsify fat-finger fiddle flail
flaunt flounder flout flub fluff fob forget fudge fumble gamble ghost gloss goof guess hardcode hesitate hoodwink hose
hurry ignore infringe insist jeopardise jeopardize kludge lie loaf malinger mangle meddle mess misapply miscalculate
misclick miscommunicate misconfigure misconstrue mishandle misinform misinterpret misjudge mislabel mismanage misname
misplace misread misreport misroute missed misspell mistime mistreat mistype misunderstand misuse monkey muck muddle
mutilate neglect obfuscate obstruct omit overcommit overdo overestimate overextend overlook overpromise overreact
override overrode overrule oversleep overstep panic pester pretend procrastinate railroad ram refused renege
rubber-stamp rubberstamp rush sabotage screw shirk shrug sidestep skimp skip slack slouch smash snooze snub squander
stall stonewall stumble subvert tamper thwart tinker trample trivialise trivialize undercut underestimate undermine
violate waffle waste waver whine withhold
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
EXCUSED = words("""
able allowed available aware be could familiar find get have hear included informed invited involved know lose need
needed own possible receive responsible see trained want
""")
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
aggravate bork break cause clobber corrupt cost crash cripple damage derail destroy doom exacerbate expose hammer leak
leave let nuke overload prolong ruin sink spill tank terminate toast torpedo trash trip unplug wipe worsen wreck
""")
# Of these it depends on what was hit, or on how.
RISKY = words("""
bring cancel cut delete detach disable disconnect disrupt drop erase get give introduce kill knock lose overwrite
publish pull remove shut stop switch take terminate trigger truncate unplug
""")
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
# What is done with those who are held guilty, where it is done to them.
DISCIPLINED = words("remove coach counsel train retrain reassign demote let reprimand")
# Short for roles.
INITIALS = words("IT IC TL PM EM SWE SRE DBA CTO CIO CISO VP CEO QA")
# Before `management` when it is people.
MANAGING = words(
    "senior upper middle top project product line engineering it company executive our their the a"
)
# Where one may leave without having left anything behind.
LEFT = words("""
bridge call channel company incident meeting office room team war-room
""")
# What is said only to judge.
JUDGED = re.compile(
    r"\b(?:(?:can't|cannot|can not|could not|couldn't) believe|shame on|any (?:idiot|fool|child)|unacceptable|inexcusable|unforgivable|unbelievable|what a joke|how hard can|should be ashamed|waste of|rocket science|half a brain|which (?:is|was) (?:\w+ )?(?:wrong|stupid|reckless|careless|irresponsible|foolish|negligent|a mistake)|which (?:is|was) (?:strictly |clearly |expressly )?(?:forbidden|prohibited|not allowed|against)|in violation of|not worth waking|apparently|obviously|predictably|supposedly|frankly|whatsoever|for some reason|somehow thought|let's be honest)\b"
)
# What somebody who gave none of it is blamed for.
VIRTUES = words("""
action apology attempt attention care clue consideration discipline effort heed idea interest ownership patience
regard respect responsibility sense thought urgency
""")
# What a person can delete without having meant to lose it.
DESTRUCTIVE = words("delete erase wipe truncate purge destroy nuke overwrite drop")
LOSABLE = words(
    "bucket volume table cluster namespace schema backup backups zone database partition tenant disk snapshot topic"
)
# What was to be done first.
BEFORE_ALL = words("reading checking asking verifying consulting telling informing confirming")
# What a person should be; who is not is blamed.
PREPARED = words(
    "prepared ready qualified professional competent careful thorough attentive serious diligent cautious up-to-date"
)
# How only people do things; what was done so was done by somebody.
HEEDLESS = words(
    "careless negligent reckless sloppy lazy irresponsible stupid foolish thoughtless incompetent unprofessional lax"
)
# What shows late, slow or poor work, behind the verb.
SHODDILY = words("poorly badly late slowly sluggishly wrongly sloppily half-heartedly")
# Harm of which whoever is named as its origin is made the fault.
ORIGINS = words("trigger introduce inflict self-inflicted provoke")
# Those beside whom somebody is put in the wrong: `any careful engineer would have seen it`.
MODELS = words(
    "any anyone anybody everyone everybody competent careful decent reasonable sensible half-decent proper real"
)
DEEDS = words("""
add apply approve build change choose click close code commit configure copy delete deploy design drop edit enter
execute flip give launch make merge open paste pick plug promise push reboot release remove restart restore revert run
select set ship sign start stop submit turn type use wire write
""")
FAULTY = words("""
accidental amateurish awful bad bogus botched breaking broken buggy careless clumsy contradictory corrupted crappy
dangerous disastrous dodgy dumb erroneous false faulty flawed garbage hacky half-baked half-finished half-hearted
half-tested haphazard hasty horrible hurried ill-advised ill-conceived ill-considered ill-informed ill-timed illegal
inadequate inadvertent inappropriate incomplete incorrect inept inexcusable insecure invalid irresponsible lazy lousy
malformed mess misguided misleading mistake mistaken naive needless negligent nonsense outdated over-eager overeager
overzealous poor reckless rubbish rushed shoddy short-sighted shortsighted silly slapdash slipshod sloppy stupid
sub-par subpar substandard terrible thoughtless typo ugly unacceptable unannounced unapproved unauthorised
unauthorized uncoordinated unfinished unforgivable unindexed unjustified unnecessary unprofessional unreviewed unsafe
unsanctioned untested wrong
""")
CARELESSLY = words("""
accidentally arrogantly blindly carelessly clumsily erroneously foolishly half-heartedly haphazardly hastily
impatiently improperly impulsively inadvertently incompetently incorrectly inexcusably inexplicably irresponsibly
knowingly lazily mistakenly naively needlessly negligently prematurely rashly recklessly sloppily stubbornly stupidly
thoughtlessly unilaterally unintentionally unnecessarily unprofessionally unthinkingly unwittingly wilfully willfully
wrongly
""")
FAULTS = words("""
absence apathy arrogance blunder bomb bravado bungling carelessness cluelessness clumsiness complacency cowardice
decision dereliction disaster disinterest disobedience disorganisation disorganization disregard dithering doing
eagerness ego error failure fault fixation folly foolishness forgetfulness gaffe greed guesswork haste hesitation
hubris idiocy ignorance immaturity impatience imprudence inability inaction inattention inattentiveness incompetence
indecision indifference indiscipline ineptitude inertia inexperience insistence insubordination irresponsibility joke
judgement judgment lack laxity laziness malpractice meddling mess-up miscalculation miscommunication misconduct
misconfiguration mishandling misjudgement misjudgment mismanagement misstep mistake misunderstanding misuse mix-up
naivety neglect negligence nightmare nonchalance obsession obstinacy omission overconfidence oversight overzealousness
panic pride procrastination recklessness refusal reluctance rush sabotage screw-up screwup shoddiness shortcut silence
slackness slip slip-up sloppiness slowness sluggishness stubbornness stupidity tardiness thoughtlessness tinkering
typo unprofessionalism unresponsiveness unwillingness wrongdoing zeal
""")
CHARACTER = words("""
absent absent-minded absentminded afraid aloof amateur amateurish apathetic arrogant ashamed asleep attention awol
bossy bumbling bureaucratic callous careless cavalier clueless clumsy cocky competent complacent cowardly cowboy crazy
cynical deaf deceitful defiant delinquent derelict discipline disgruntled dishonest disinterested dismissive
disobedient disorganised disorganized disrespectful distracted drunk dumb egotistic evasive feckless flippant fool
foolish forgetful gullible half-asleep hasty heedless helpless hopeless hostile hot-headed hotheaded hungover idiot
idle ignorant ill-informed ill-prepared immature impatient imprudent impulsive inattentive incapable incautious
incompetent inconsiderate indecisive indifferent ineffective ineffectual inefficient inept inexperienced inflexible
insubordinate irrational irresponsible lackadaisical late lax lazy lousy malicious mindless misguided misinformed
naive neglectful negligent nonchalant oblivious obstinate overconfident overeager overtired overworked overzealous
pathetic pig-headed pushy rash reckless remiss rogue rude scared self-important selfish senseless short-sighted
shortsighted slack sleeping sleepy slipshod sloppy slow smug so-called spineless stubborn stupid tardy thoughtless
timid tired trigger-happy unavailable unconcerned uncooperative undisciplined unfit unfocused unhelpful uninterested
unmotivated unprepared unprofessional unqualified unreliable unresponsive unskilled unthinking untrained untrustworthy
unwilling useless worthless
""")
# Faults that only people have.
HUMAN_FAULTS = words("""
absent-mindedness apathy arrogance bravado bungling carelessness cluelessness clumsiness complacency cowardice
dereliction disobedience foolishness forgetfulness guesswork hubris idiocy ignorance impatience imprudence inattention
inattentiveness incompetence indiscipline ineptitude insubordination irresponsibility laziness malpractice misconduct
misjudgement misjudgment negligence nonchalance obstinacy overconfidence overzealousness procrastination recklessness
sloppiness stupidity thoughtlessness unprofessionalism wrongdoing
""")
HUMAN = words("""
admin administrator amateur beginner developer employee engineer fat-finger human manual newbie operator people
personnel pilot rookie schoolboy staff technician user
""")
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
NAMES_IN_LY = words(
    "emily molly sally kelly billy lily polly holly ally beverly kimberly lilly willy reilly nelly milly"
)
# Ordinary subjects that a sentence may begin with and that are no people's names.
SYSTEMS = words("""
account accounts ach action actions adyen africa airflow akamai alert alerting alerts alibaba alpine amazon amd
america amex amplitude amsterdam android ansible apache api app apple april archive argentina argo argocd arista
artifactory asia att august aurora australia austria auth auth0 authentication authorisation authorization autoscaling
aws azure background backoff backup backups baidu balancer bamboo bancontact bandwidth bash basket batch belgium bgp
bigquery billing blik braintree branch brazil breaker britain broker browser bucket buckets bug bugs build cable cache
calico canada canary capacity card cards care cart cassandra catalog catalogue cause cdn celery centos cert
certificate certificates change changes chat checkout checkout.com chile china christmas chrome cilium circleci
circuit cisco citrix clickhouse client clients cloud cloudflare cluster cockroachdb code cogent column columns comcast
commit commits communication communications confidence config confluence connection connections consul consumer
consumers container contention context contributing cookie cooling coredns couchbase coverage cpu crash crashes cron
cuda customer customers darwin dashboard database datadog dbt deadlock debian december default defaults defect
delimiter dell denmark dependencies dependency deploy deployment deployments detection dhcp digitalocean disk diwali
django dns docker document documentation documents domain domains downloads downtime dublin duration dynamodb
dynatrace easter ec2 edge elasticsearch email emails endpoint endpoints england environment environments envoy equifax
equinix error errors etcd etl europe event events everything exception exceptions experian experimental export exports
facebook failover failure failures fastly fault faults february fedora feed feeds fiber fibre field fields finland
firefox firewall fix flag flink fortinet foundationdb france frankfurt friday function functions garbage gateway
generator germany giropay github gitlab gmail golang google grafana graphql greece grpc hadoop haproxy harbor header
headers helm heroku hetzner hive honeycomb host hotfix http https hubspot hypervisor hypothesis iban ideal identified
image imap impact imperva import imports incapsula index india influxdb instagram instance instances intel intercom
internet inventory investigating invoice invoices ios ireland istio istiod it italy jaeger january japan java jenkins
jira job jobs july june juniper jupyter kafka kerberos key keycloak keydb keys klarna korea kubelet kubernetes lake
lambda laravel latency launchdarkly ldap lesson lessons level3 libraries library limit limiter limits linkedin linkerd
linode linux load lock locks log login logins logs loki london looker lumen macos maestro mail mailchimp mailgun
maintenance march mariadb marketo mastercard may memcached memory meraki merge message messages meta method metric
metrics mexico microsoft migration mitigation mixpanel mobile module modules monday mongo mongodb monitored monitoring
montreal mumbai mysql namespace neo4j netflix netherlands netlify network newrelic nexus nginx node nodejs norway note
nothing notification notifications notion november ntp nutanix nvidia oauth observability october ohio okta on-call
onelogin opsgenie optimizely oracle orange order orders oregon outlook overview ovh owner package packages pager
pagerduty paging palo partition partitions password passwords patch paulo payload payment payments paypal perl
permission permissions pgbouncer php ping pipeline plaid playbook pod pods poland policies policy pool portugal
postgres postgresql postmark power powerbi presto pricing prior priority process processes prod producer producers
production profile profiles prometheus proxy proxysql push python pytorch query queue quota quotas rabbitmq rack racks
rails ramadan ratelimiter recommendation recommendations record records recovery redhat redis refund refunds region
regions regression relations release replica replication report reports request requests resolution resolved response
responses rest restore retries retry review role roles rollback rollout root route router routes row rows ruby runbook
runbooks russia rust s3 safari salesforce saml sao saturday scaling scheduler schema schemas scotland scylla search
secret secrets segment sendgrid sentry sepa september server service services session sessions settings sev1 sev2
severity shard sharepoint shipping shopify sign-in sign-up signin signup singapore slab slack sms smtp snapshot
snapshots snowflake sofort solaris solr something sonarqube spain span spanner spans spark spinnaker splunk spring
sqlite square ssh ssl stack stage staging status statuspage stockholm storage stream streaming stripe subscriber
summary sunday suse suspected sweden swift switch switches switzerland sydney sync system systems table tableau tables
task tasks teamcity teams telefonica telemetry telstra tempo tencent tensorflow terraform test testing tests
thanksgiving that there this thread threads threshold thresholds throughput thursday timeline timeout timescale tls
token tokens tokyo tomcat topic topics trace traces traffic transaction transactions travis trello trigger trino
tuesday turkey twilio twitter ubiquiti ubuntu ukraine unicode update upload uploads ups user users valkey value values
varnish vault vercel verizon version versions victorops video virginia visa visibility vitess vm vms vmware vodafone
volume volumes vpn wales warehouse web webhook webhooks wednesday what whatsapp which who windows wise worker workers
worldpay yandex youtube zealand zendesk zipkin zone zones zookeeper zoom
""")
CHANGES = words(
    "change commit deploy deployment code script query patch merge release edit migration pr refactoring work push tweak"
)
