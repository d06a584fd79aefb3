"""The judgements of *Did it help?*: how long, how clear and how soon after the action an end has to be."""

from lastgood.model.judgement import Amount, Count, Time

# fmt: off
OTHERS_FELL = Amount(0.75, "of the traffic of operations that were not affected: less, and all traffic fell", "judgement: a quarter is more than a rhythm moves in minutes")
OTHERS_LEAST = Count(50, "requests of those operations", "judgement: of fewer the rate is not known to a quarter")
GONE_LEAST = Count(50, "requests expected of an affected operation, to say that it is not asked for any more", "judgement: by chance there are never none")
PAUSES_GONE = Count(2, "times the longest pause between failures, that they must be gone for", "judgement: a pause comes again, seldom twice as long")
VERIFY_LEVEL = Amount(0.95, "of confidence in each comparison, and in the answer", "judgement: the usual level")
RETURN_BUCKETS = Count(120, "buckets in which a return is looked for", "judgement: bounds the work")
RETURN_BUCKET = Count(5, "s of such a bucket at least", "judgement: actions take longer")
RETURN_SLACK = Time(1, "min by which the likeliest start of a return may be before the action", "judgement: clocks and notes are off by as much")
RETURN_REACH = Time(2, "min by which its interval may reach beyond", "judgement: few failures a minute leave as much open")
RETURN_GRADUAL = Amount(0.2, "of the time that a gradual return takes, likewise", "judgement: its start is known no better")
ACTION_TAKES = Time(15, "min that an action may take of unknown length", "judgement: longer than most of the catalogue (mitigation)")
