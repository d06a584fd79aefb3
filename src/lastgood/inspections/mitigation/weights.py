"""The judgements of *What can be done now?*: what is worth an option, and the minutes that each usually takes."""

from collections.abc import Mapping

from lastgood.model.judgement import Amount, Count

# fmt: off
OPTIONS_NAMED = Count(5, "options that are named", "judgement: more are not read at night")
UNCLASSED = Amount(0.6, "of confidence in an option, where no class of failure is named", "judgement: it is held against the culprit alone")
PART_SPARED = Amount(0.9, "of traffic: a part that takes less need not serve", "judgement: the others can take over at most so much")
REFUSABLE_HOLDS = Amount(0.8, "of failures: a kind of request with so many may be refused", "judgement: refusing it ends nearly all")
REFUSABLE_FAILS = Amount(0.5, "of its requests fail, for a kind to be refused", "judgement: else more is lost by refusing than by failing")
# fmt: on
_RUNBOOKS = "judgement: as public runbooks say; the times of a team's own actions replace it"
# fmt: off
FLAG_OFF_TAKES = Amount(1, "min until a flag is off everywhere", _RUNBOOKS)
CONFIG_REVERT_TAKES = Amount(3, "min until a setting is back", _RUNBOOKS)
ROLLBACK_TAKES = Amount(5, "min until the version before serves", _RUNBOOKS)
ROLL_FORWARD_TAKES = Amount(30, "min until a mended version serves", _RUNBOOKS)
STOP_JOB_TAKES = Amount(2, "min until a job has stopped", _RUNBOOKS)
SCALE_TAKES = Amount(5, "min until more instances serve", _RUNBOOKS)
FAILOVER_TAKES = Amount(5, "min until the other place serves", _RUNBOOKS)
ROUTE_AWAY_TAKES = Amount(2, "min until a part gets no traffic", _RUNBOOKS)
SHED_LOAD_TAKES = Amount(2, "min until load is refused", _RUNBOOKS)
RATE_LIMIT_TAKES = Amount(3, "min until a limit holds", _RUNBOOKS)
CIRCUIT_BREAK_TAKES = Amount(2, "min until calls fail fast", _RUNBOOKS)
SERVE_STALE_TAKES = Amount(5, "min until cached answers are served", _RUNBOOKS)
RESTART_TAKES = Amount(3, "min until instances are up again", _RUNBOOKS)
RESCHEDULE_TAKES = Amount(5, "min until instances run elsewhere", _RUNBOOKS)
ROTATE_CERTIFICATE_TAKES = Amount(15, "min until a new certificate is used", _RUNBOOKS)
FREE_DISK_TAKES = Amount(5, "min until space is free", _RUNBOOKS)
PURGE_BAD_DATA_TAKES = Amount(15, "min until bad records are set aside", _RUNBOOKS)
END_BLOCKERS_TAKES = Amount(2, "min until the lock is free", _RUNBOOKS)
REVERT_DNS_TAKES = Amount(10, "min until resolvers have the old record", _RUNBOOKS)
# fmt: on
MINUTES: Mapping[str, Amount] = {
    "flag_off": FLAG_OFF_TAKES,
    "config_revert": CONFIG_REVERT_TAKES,
    "rollback": ROLLBACK_TAKES,
    "roll_forward": ROLL_FORWARD_TAKES,
    "stop_job": STOP_JOB_TAKES,
    "scale": SCALE_TAKES,
    "failover": FAILOVER_TAKES,
    "route_away": ROUTE_AWAY_TAKES,
    "shed_load": SHED_LOAD_TAKES,
    "rate_limit": RATE_LIMIT_TAKES,
    "circuit_break": CIRCUIT_BREAK_TAKES,
    "serve_stale": SERVE_STALE_TAKES,
    "restart": RESTART_TAKES,
    "reschedule": RESCHEDULE_TAKES,
    "rotate_certificate": ROTATE_CERTIFICATE_TAKES,
    "free_disk": FREE_DISK_TAKES,
    "purge_bad_data": PURGE_BAD_DATA_TAKES,
    "end_blockers": END_BLOCKERS_TAKES,
    "revert_dns": REVERT_DNS_TAKES,
}  # fmt: skip
