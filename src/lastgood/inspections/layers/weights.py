"""The judgements of *Which layer fails?*."""

from lastgood.model.judgement import Amount, Count

# fmt: off
LAYER_FAILED = Count(5, "failures in the bad window, for a layer to fail", "judgement: fewer happen at any time")
LAYER_REQUESTS = Count(20, "requests, calls or lines of a layer, to say that it is fine", "judgement: of fewer a share is not known")
EDGE_MARKED = Amount(0.5, "of the lines of a place bear the marks of an edge", "judgement: most")
EDGE_ALONE = Amount(0.8, "of the failed requests of an edge did not fail at its origin, for the edge to be at fault", "judgement: nearly all")
EDGE_UNANSWERED = Amount(0.5, "of the failed requests of an edge got no answer of the origin (502, 504, 52x), for its fault to be open", "judgement: the origin, or the network between, fails as well")
IDS_SHARED = Amount(0.5, "of the served requests of an edge are found at its origin by their id, for the id to be one of both", "judgement: caches answer the others")
PATHS_READ = Count(200, "paths that fail at an edge, compared with the origin's", "judgement: bounds the work")
STALE_SHARE = Amount(0.05, "of the answers of an edge are stale copies", "judgement: a few are stale at any time")
EDGE_SURE = Amount(0.85, "of confidence that the edge alone is at fault, by its log and the origin's", "judgement: logs of both ends agree, and neither sees the network between them")
CLIENT_SURE = Amount(0.6, "of confidence that clients are at fault where no other layer fails", "judgement: what no telemetry covers may fail as well")
ALONE_SURE = Amount(0.6, "of confidence that the application is at fault where no layer else fails", "judgement: what no telemetry covers may fail as well")
EXTERNAL_SURE = Amount(0.8, "of confidence in the layer of outside hosts, where one of them is at fault", "judgement: as that is")
LAYER_SURE = Amount(0.9, "of the confidence in the first suspect, for the layer that it is in", "judgement: the layer may be right where the suspect is not, and is named by it")
BELOW_UNSEEN = Amount(0.7, "of the confidence in an application, where nothing is seen of what it calls", "judgement: what it calls may fail, and it reports that")
# fmt: on
