"""Words for people, and for what is held against them. Classes hold stems."""

from lastgood.algorithms.messages.stems import words

# Words for those who do the work; a fault ascribed to one of them is blame.
PEOPLE = words("""
engineer developer dev programmer coder intern trainee apprentice operator admin administrator sysadmin dba sre tester reviewer
manager lead leader boss director head chief cto ceo vp colleague coworker co-worker contractor consultant freelancer employee staff
worker technician architect owner author hire newcomer junior senior guy person individual someone somebody anybody anyone nobody
whoever everybody agent crew team squad shift management leadership maintainer committer responder member on-call oncall teammate
analyst scientist designer electrician janitor cleaner vendor supplier folk student representative rep officer specialist expert
predecessor successor supervisor executive secretary assistant group department office he she they you man woman
""")
TEAMS = words("""
ops qa devops marketing sales finance support security engineering operations legal hr dbas netops secops purchasing
procurement compliance accounting
""")
# Teams that are called as what they look after: of these only what a machine cannot do is a fault of people.
TEAMS_OR_SYSTEMS = words(
    "platform infra infrastructure backend back-end frontend front-end product design network data web mobile"
)
PRONOUNS = words("he she they you him her them his their your")

# What is said of people who are held guilty.
IDIOMS = (
    "to blame", "responsible for the", "the one", "at fault", "spoken to", "more training", "did nothing", "the culprit", "did this",
    "caused it", "guilty", "cut corners", "cutting corners", "jumped the gun", "at the wheel", "had no idea", "no clue", "on his watch",
    "on her watch", "on their watch", "without permission", "without asking", "without testing", "without approval", "out of his depth",
    "out of her depth", "out of their depth", "too busy", "strikes again", "strike again", "to thank", "was doing", "were doing", "went rogue",
    "let us down", "let everybody down", "let everyone down", "could not be bothered", "couldn't be bothered", "on purpose", "got it wrong",
)  # fmt: skip
# What only people do, and only badly.
CARELESS = words("""
forget ignore neglect overlook botch bungle panic misread mistype misconfigure misclick fat-finger skip rush mess screw fumble
disregard oversleep slack procrastinate misjudge misunderstand mishandle mismanage underestimate blunder disobey dawdle sabotage
omit bypass goof muck balls hose brick
""")
# What people, changes and machines do alike: with a person for its subject it is blame.
HARMFUL = words("""
break cause crash wipe destroy corrupt ruin hammer trip leave expose leak damage wreck nuke overload spill cost unplug
""")
# Of these it depends on what was hit, or on how.
RISKY = words(
    "delete erase kill trigger introduce take drop lose overwrite truncate disable bring disrupt stop get knock"
)
HARMED = words("""
outage incident production prod down bug regression problem issue mess build contract database downtime error failure crash
everything data checkout payment site breakage defect loss ball
""")
DUTIES = words("""
test check read review tell ask notify run follow rotate escalate warn inform communicate talk understand notice verify validate
look listen care bother think learn renew update monitor watch document consult coordinate announce pay double-check proofread
acknowledge answer respond catch know prevent question obey remember plan own press back-up approve pick
""")
# Duties towards people, which a machine does not have.
SOCIAL = words(
    "escalate notify tell inform warn communicate coordinate consult announce review ask check test read follow document learn"
)
DEEDS = words("""
push ship deploy write choose type click use give enter flip merge edit run plug pick set change apply restart reboot launch
release approve sign configure select copy paste execute start stop remove add delete open close submit promise turn make code
build wire design commit restore revert drop
""")
FAULTY = words("""
bad wrong broken terrible untested faulty incorrect stupid buggy unreviewed awful horrible dumb silly crappy lousy invalid
unauthorised unauthorized unapproved unindexed inappropriate misguided reckless ill-advised half-baked careless sloppy typo mistake
mess shoddy dodgy
""")
CARELESSLY = words("""
carelessly mistakenly accidentally wrongly recklessly incorrectly erroneously inadvertently foolishly negligently unwittingly
blindly improperly inexplicably hastily needlessly stupidly sloppily irresponsibly unnecessarily prematurely
""")
FAULTS = words("""
error mistake negligence incompetence fault carelessness typo misjudgement misjudgment judgement judgment blunder oversight
slip lack laziness ignorance sloppiness inattention misconfiguration misunderstanding failure omission recklessness inexperience
stupidity misuse fail doing decision
""")
CHARACTER = words("""
careless lazy sloppy incompetent inexperienced reckless asleep unqualified competent stupid negligent irresponsible clueless
untrained distracted unprofessional unprepared inattentive dumb foolish lax complacent overconfident arrogant ignorant hungover
drunk sleeping discipline attention idiot lousy amateurish unskilled ill-prepared trigger-happy cavalier cowboy absent-minded absent
overworked hasty impatient stubborn fool oblivious untrustworthy
""")
# Faults that only people have.
HUMAN_FAULTS = words("""
negligence incompetence carelessness laziness stupidity recklessness sloppiness inattention ignorance foolishness complacency
""")
HUMAN = words(
    "human user operator admin administrator employee staff personnel fat-finger engineer developer technician pilot people"
)
# What an error may be of that is shown or kept, not made.
SHOWN = words(
    "message page text code rate log report count handling handler screen response budget share dialog banner string"
)
# What is done to people who are held guilty.
PUNISHED = words(
    "retrain reprimand fire dismiss discipline punish suspend sack demote scold lecture accountable individual"
)
PRESSED = words("insist promise demand force press pressure decide refuse approve rush overrule")
# Given names that look like plurals.
NAMES_IN_S = words("""
chris james thomas lucas marcus nicolas nicholas andreas lars jonas carlos elias iris agnes doris alexis luis hans klaus matthias
tobias markus dennis boris joris niels silas tomas francis louis charles miles ines frances angus magnus rasmus linus jess denis
""")
# Ordinary subjects that a sentence may begin with and that are no people's names.
SYSTEMS = words("""
checkout payment payments login logins search api database redis kafka postgres mysql cache queue traffic latency memory disk cpu
network dns tls certificate deploy deployment rollback migration release config flag job cron worker pod pods node cluster replica
shard index table query alert pager monitoring dashboard runbook pipeline test tests build retry retries timeout throughput storage
cloud browser app web mobile email mail webhook webhooks invoice invoices order orders refund refunds card cards chat video upload
export import report sync backup scheduler balancer proxy gateway firewall router switch server host instance container image cdn
kubernetes docker linux nginx stripe paypal aws azure google github slack cloudflare fastly sentry session token cookie
password sign-in sign-up signup signin autoscaling scaling failover garbage thread threads connection connections pool lock locks
nothing everything something this that it there what which who january february march april may june july august september october
november december monday tuesday wednesday thursday friday saturday sunday sev1 sev2 investigating identified monitored resolved
elasticsearch zookeeper rabbitmq cassandra mongodb mongo mariadb oracle clickhouse snowflake bigquery grafana prometheus jenkins gitlab
terraform ansible helm argo istio envoy consul vault haproxy memcached varnish akamai twilio sendgrid okta datadog jira zoom teams
outlook gmail sharepoint salesforce shopify square adyen paypal klarna visa mastercard amex safari chrome firefox edge android ios
windows ubuntu debian java python node tomcat apache celery airflow spark flink hadoop hive solr lambda dynamodb aurora s3 ec2
suspected hypothesis update status impact owner cause trigger mitigation detection rollout canary
""")
CHANGES = words(
    "change commit deploy deployment code script query patch merge release edit migration pr refactoring work push tweak"
)
