"""Small valid inputs of every source, harvested from the bytes that its tests hand over, and ways to spoil them."""

import random
from collections.abc import Callable

LOG = b"2026-11-22T14:00:00Z INFO pay started\n2026-11-22T14:00:01Z ERROR pay failed\n  at pay.go:17\n"
SEEDS: dict[str, bytes] = {
    "logs": LOG * 3,
    "terraform apply": b"""Terraform will perform the following actions:

  # aws_route53_record.a will be updated in-place
  ~ resource "aws_route53_record" "a" {
      ~ records = ["lb-a.test"] -> ["lb-b.test"]
    }

Plan: 0 to add, 1 to change, 0 to destroy.
[2026-11-22T14:03:12Z] aws_route53_record.a: Modifications complete after 2s [id=Z1]
[2026-11-22T14:03:13Z] Apply complete! Resources: 0 added, 1 changed, 0 destroyed.
""",
    "gh runs": b"STATUS  TITLE       WORKFLOW  BRANCH  EVENT  ID       ELAPSED  AGE\n\xe2\x9c\x93       cart: ages  deploy    main    push   1823001  1m52s    about 30 minutes ago\n"
    b"completed\tsuccess\tcheckout 2.46.0\tDeploy\tmain\tpush\t7700123\t1m12s\t2026-11-22T14:38:00Z\n",
    "terminal": b"Linux 6.1 (web-2) \t11/10/2026 \t_x86_64_\n\n10:00:01 AM CPU %user %idle\n10:10:01 AM all 11.58 88.42\n\n2026-11-10T10:02:00Z\n"
    b"NAME CPU(cores) MEMORY(bytes)\ncart-0 410m 612Mi\nMem: 15 total, 8 used\n",
    "metric answers": b'[{"target":"servers.web-2.cpu","datapoints":[[12.5,1794304920],[null,1794304980],[93.0,1794305040]]}]',
    "metric lines": b"cpu,host=web-2 usage_user=12.5,cores=8i 1794304920000000000\nmem,host=web-2 used=41.5 1794304980000000000\n",
    "metric tables": b"sep=;\nTime;cart cpu;pay cpu\n2026-11-10 10:02:00;12,5%;1%\n2026-11-10 10:03:00;92,5%;2%\n",
    "influx tables": b"#datatype,string,long,dateTime:RFC3339,double,string,string\n,result,table,_time,_value,_field,host\n,,0,2026-11-10T10:02:00Z,92.5,cpu,web-2\n",
    "probes": b"PING gw (192.0.2.7) 56(84) bytes of data.\n[1794304920.1] 64 bytes from gw (192.0.2.7): icmp_seq=1 ttl=57 time=20.5 ms\n"
    b"[1794304921.1] no answer yet for icmp_seq=2\n",
    "json lines": b'{"time":"2026-11-20T14:00:00Z","level":"error","msg":"x","status":500,"a":{"b":[1,2]}}\n' * 3,
    "logfmt": b'ts=2026-11-20T14:00:00Z level=info msg="a b" status=200 duration=3ms\n' * 3,
    "syslog": b"<134>1 2026-11-22T14:00:00Z host app 1 - - hello world\n" * 3,
    "access": b'127.0.0.1 - - [22/Nov/2026:14:00:00 +0000] "GET /a HTTP/1.1" 200 17 "-" "curl"\n' * 3,
    "cri": b'2026-11-22T14:00:00.1Z stdout F {"level":"info","msg":"x"}\n' * 3,
    "log documents": b'[{"timestamp":"2026-11-20T14:00:00Z","message":"x","n":1},{"timestamp":1700000000,"message":"y"}]',
    "loki": b'{"status":"success","data":{"resultType":"streams","result":[{"stream":{"app":"a"},"values":[["1700000000000000000","x"]]}]}}',
    "terraform json": b'{"@level":"info","@message":"done","@module":"terraform.ui","@timestamp":"2026-11-22T14:38:04Z","hook":{"resource":{"addr":"aws_db.x"},"action":"update"},"type":"apply_complete"}\n',
    "gin": b'[GIN] 2026/11/22 - 14:41:00 | 503 |  5.006112s |  10.0.0.9 | POST     "/v1/charges"\n',
    "azure tables": b'{"tables":[{"name":"P","columns":[{"name":"timestamp"},{"name":"message"},{"name":"severityLevel"}],"rows":[["2026-11-22T14:41:00Z","x",3]]}]}',
    "jq": b'{\n  "timestamp": "2026-11-22T14:41:00Z",\n  "level": "error",\n  "message": "x"\n}\n{\n  "timestamp": "2026-11-22T14:41:01Z",\n  "message": "y"\n}\n',
    "datadog logs": b'{"data":[{"type":"log","attributes":{"timestamp":"2026-11-22T14:41:00Z","status":"error","service":"pay","message":"x"}}]}',
    "iis local": b"#Fields: date-local time-local cs-method sc-status\n2026-11-22 15:41:00 GET 503\n",
    "cloudwatch query": b'{"results":[[{"field":"@timestamp","value":"2026-11-22 14:41:00.000"},{"field":"@message","value":"REPORT RequestId: 7f01 Duration: 5006.00 ms"}]],"status":"Complete"}',
    "fluentd": b'2026-11-22T14:41:00+00:00\tshop.pay\t{"level":"error","message":"x","status":503}\n' * 2,
    "iis native": b"203.0.113.7, -, 11/22/2026, 14:41:00, W3SVC1, WEB01, 10.0.0.4, 5006, 300, 157, 503, 64, POST, /pay, id=7,\n" * 2,
    "cloudwatch": b'{"logGroup":"g","logEvents":[{"timestamp":1700000000000,"message":"x"}]}',
    "log tables": b"time,level,service,message\n" + b"2026-11-20T14:00:00Z,error,pay,x y\n2026-11-20T14:00:01Z,info,web,y z\n" * 2,
    "database csv": b'2026-11-22 14:00:00.123 UTC,"app","shop",11,"10.0.0.4:511",6911.b,1,"SELECT",2026-11-22 13:01:40 UTC,"3/4",0,ERROR,42P01,"no ""t""",,,,,,"select 1\nfrom t",15,,"api","client backend",,0\n' * 3,
    "windows text": b"Event[0]:\n  Log Name: System\n  Source: Disk\n  Date: 2026-11-22T14:00:00.1230000Z\n  Event ID: 7\n  Level: Error\n  Computer: A\n  Description: \nbad\n\nEvent[1]:\n  Log Name: System\n  Source: Disk\n  Date: 2026-11-22T14:00:01.1230000Z\n  Level: Warning\n  Description: \nworse\n",
    "feed of changes": b'{"ItemType": "Deployment", "Items": [{"Id": "D-2", "ProjectName": "web", "ReleaseVersion": "5.16.2", "QueueTime": "2026-11-22T14:41:00Z", "DeployedBy": "ann"}]}',
    "kept table": b"key,kind,createdTime,vm,sourceHost,host,userOrReason\n8,VmMigratedEvent,2026-11-22T14:14:02Z,desk,hv-4,hv-8,DRS\n9,EnteringMaintenanceModeEvent,2026-11-22T14:45:30Z,,hv-8,hv-8,ann\n",
    "columns of requests": b"2026-11-22T14:41:00.100Z\tAMS\t203.0.113.7\tPOST\t/pay/1\t503\t2144\t0.066\tMISS\n2026-11-22T14:41:01.100Z\tAMS\t203.0.113.8\tGET\t/pay/2\t200\t2144\t0.066\tMISS\n",
    "change calendar": b"when;system;what;commit;by\n2026-11-22 14:00;pay;Release 2.1;4fa0183c33;ann\n2026-11-22 14:30;proxy;rate limit 10/min;;bo\n",
    "change tickets": b'"number","short_description","state","cmdb_ci","start_date","work_start"\n"CHG0001","Deploy pay 2.1","Closed","pay","2026-11-22 14:00:00","2026-11-22 14:01:00"\n"CHG0002","Patch","Scheduled","db","2026-11-22 14:30:00",""\n',
    "capistrano": b"Branch main (at 9c1e5d2) deployed as release 20261120081500 by ann\nBranch main (at 4fa0183c33) deployed as release 20261122084730 by bo\n",
    "list of deploys": b"2026-11-19 13:48:33 +0000 2026.21 4fa0183c33572c8bb4af65e43b03ab0ad6360c87 web-1 web-2 ann ok\n",
    "list of changes": b"2026-10-12 15:02 +0200 gate   gate-config 0bc235aa9a9d to gate-1 (bo)\n2026-11-20 10:31 +0200 pay 3.16.2 (ann)\n",
    "list of releases": b"pay 2.45.0 2026-11-20 09:12 4fa0183\ncart@v1.9.2 2026-11-22T13:05:30Z (hotfix)\n",
    "certificate checks": b"2026-11-22T06:00:00Z\nsubject=CN = api.example\nnotBefore=Aug 26 12:00:00 2026 GMT\nnotAfter=Nov 24 12:00:00 2026 GMT\n"
    b"2026-11-22 13:00:00 CRITICAL - Certificate 'api.example' expired on 2026-11-22 12:00 +0000/UTC.\n",
    "ec2 instance status": b'{"InstanceStatuses":[{"InstanceId":"i-1","AvailabilityZone":"a","Events":[{"Code":"instance-retirement","NotBefore":"2026-11-22T14:00:00Z"}],"SystemStatus":{"Details":[{"ImpairedSince":"2026-11-22T14:40:00.000Z","Name":"reachability","Status":"failed"}]}}]}',
    "aws health": b'{"events":[{"arn":"a","service":"EC2","eventTypeCode":"AWS_EC2_OPERATIONAL_ISSUE","eventTypeCategory":"issue","region":"eu","startTime":1795358460.123,"statusCode":"open"}]}',
    "gcloud operations": b"NAME  TYPE    TARGET               HTTP_STATUS  STATUS  TIMESTAMP\nop-1  insert  eu-b/instances/web-2  200         DONE    2026-11-22T06:41:01-08:00\n",
    "azure resource health": b'{"value":[{"id":"/a/vm1/providers/Microsoft.ResourceHealth/availabilityStatuses/current","type":"Microsoft.ResourceHealth/AvailabilityStatuses","properties":{"availabilityState":"Unavailable","summary":"gone","occuredTime":"2026-11-22T14:40:00Z"}}]}',
    "described node": b"Name:               node-2\nTaints:             a/b:NoExecute\nUnschedulable:      false\nConditions:\n"
    b"  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason       Message\n"
    b"  ----             ------  -----------------                 ------------------                ------       -------\n"
    b"  MemoryPressure   True    Sun, 22 Nov 2026 14:55:00 +0000   Sun, 22 Nov 2026 14:41:00 +0000   Kubelet...   none is left\nEvents:  <none>\n",
    "cloudwatch alarm": b'{"Type":"Notification","Message":"{\\"AlarmName\\":\\"5xx\\",\\"NewStateValue\\":\\"ALARM\\",\\"StateChangeTime\\":\\"2026-11-22T14:41:00.123+0000\\",\\"Trigger\\":{\\"Dimensions\\":[{\\"value\\":\\"pay\\",\\"name\\":\\"ServiceName\\"}]}}"}',
    "zabbix problem": b'[{"eventid":"1","clock":"1795358460","name":"High CPU","severity":"4","r_clock":"0","hosts":[{"host":"web-1"}]}]',
    "datadog alert": b'{"id":"1","title":"[Triggered] 5xx","last_updated":"1795358460000","alert_transition":"Triggered","tags":"service:pay,env:prod"}',
    "new relic incident": b'{"incident_id":1,"condition_name":"5xx","current_state":"open","severity":"CRITICAL","timestamp":1795358460000,"targets":[{"name":"pay"}]}',
    "nagios mail": b"***** Nagios *****\n\nNotification Type: PROBLEM\n\nService: HTTP\nHost: web-1\nState: CRITICAL\n\nDate/Time: Sun Nov 22 14:41:00 UTC 2026\n",
    "list of notifications": b"2026-11-22 14:41:00 PROBLEM - HTTP on web-1 is CRITICAL: 503\n2026-11-22 14:55:00 RECOVERY - HTTP on web-1 is OK: 200\n",
    "nomad table": b"ID        Job ID  Job Version  Status      Created At\n4be1f07c  pay     61           successful  2026-11-22T14:40:30Z\n",
    "ecs tasks": b'{"tasks": [{"taskArn": "arn:aws:ecs:eu-west-1:1:task/prod/a", "group": "service:pay", "stoppedAt": "2026-11-22T14:05:01Z", "containers": [{"exitCode": 137, "reason": "OutOfMemoryError"}]}]}',
    "gitlab job": b"section_start:1795331500:get_sources\r\x1b[0KGetting\nChecking out 0f2c77ab as detached HEAD (ref is main)...\nsection_end:1795331503:get_sources\r\x1b[0Ksection_start:1795331503:step_script\r\x1b[0KRun\n$ helm upgrade pay ./c --set image.tag=2\nsection_end:1795331560:step_script\r\x1b[0KJob succeeded\n",
    "chats": b'{"value":[{"id":"1","messageType":"message","createdDateTime":"2026-11-22T14:00:00Z","from":{"user":{"displayName":"Ann"}},"body":{"contentType":"html","content":"<p>slow</p>"}}]}',
    "journald": b"__CURSOR=a\n__REALTIME_TIMESTAMP=1700000000000000\nMESSAGE=x\nPRIORITY=3\n\n__CURSOR=b\n__REALTIME_TIMESTAMP=1700000000000001\nMESSAGE\n\x03\0\0\0\0\0\0\0abc\n\n",
    "otlp spans": b'{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}}]},"scopeSpans":[{"scope":{"name":"s"},"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"GET","kind":2,"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000100000000","attributes":[{"key":"n","value":{"intValue":"200"}},{"key":"l","value":{"arrayValue":{"values":[{"doubleValue":1.5}]}}}],"status":{"code":2},"events":[{"timeUnixNano":"1700000000000000001","name":"e"}]}]}]}]}\n',
    "otlp logs": b'{"resourceLogs":[{"resource":{"attributes":[]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"1700000000000000000","severityNumber":9,"severityText":"INFO","body":{"stringValue":"x"},"flags":1}]}]}]}\n',
    "otlp metrics": b'{"resourceMetrics":[{"resource":{"attributes":[]},"scopeMetrics":[{"metrics":[{"name":"m","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"timeUnixNano":"1700000000000000000","asInt":"3"}]}},{"name":"h","histogram":{"dataPoints":[{"timeUnixNano":"1700000000000000000","count":"3","sum":1.5,"bucketCounts":["1","2"],"explicitBounds":[1]}]}},{"name":"e","exponentialHistogram":{"dataPoints":[{"timeUnixNano":"1700000000000000000","count":3,"scale":2,"positive":{"offset":1,"bucketCounts":[1]}}]}},{"name":"s","summary":{"dataPoints":[{"timeUnixNano":"1700000000000000000","count":3,"quantileValues":[{"quantile":0.5,"value":1}]}]}}]}]}]}\n',
    "jaeger": b'{"data":[{"traceID":"a1","spans":[{"traceID":"a1","spanID":"b1","operationName":"op","startTime":1700000000000000,"duration":17,"processID":"p1","tags":[{"key":"error","value":true}],"logs":[{"timestamp":1700000000000001,"fields":[{"key":"event","value":"x"}]}],"references":[{"refType":"CHILD_OF","traceID":"a1","spanID":"c1"}]}],"processes":{"p1":{"serviceName":"web","tags":[]}}}]}',
    "jaeger lines": b'{"traceID":"a1","spanID":"b1","operationName":"op","startTime":1700000000000000,"duration":17,"process":{"serviceName":"web"}}\n' * 2,
    "zipkin": b'[{"traceId":"a1","id":"b1","name":"get","kind":"SERVER","timestamp":1700000000000000,"duration":17,"localEndpoint":{"serviceName":"web","ipv4":"10.0.0.1"},"remoteEndpoint":{"serviceName":"db"},"annotations":[{"timestamp":1700000000000001,"value":"x"}],"tags":{"error":"no"}}]',
    "prometheus": b'{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"a"},"values":[[1700000000,"1"],[1700000060.5,"2"]]}]}}',
    "prometheus scalar": b'{"status":"success","data":{"resultType":"scalar","result":[1700000000,"2"]}}',
    "openmetrics": b'# HELP a_total x\n# TYPE a_total counter\na_total{job="x",instance="y"} 17 1700000000\nb 1.5\n# EOF\n',
    "alerts": b'{"version":"4","receiver":"r","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A","severity":"page"},"annotations":{"summary":"s"},"startsAt":"2026-11-22T14:00:00Z","endsAt":"0001-01-01T00:00:00Z","fingerprint":"f"}]}',
    "changes": b'{"time":"2026-11-22T14:41:00Z","kind":"deploy","service":"pay","version":"v2","id":"d1","files":["a.py"],"additions":3,"ring":2}\n' * 2,
    "change records": b'[{"number":"C1","start":"2026-11-22T14:41:00Z","system":"firewall","by":"net","summary":"close port 8443"},{"number":"C2","start":"2026-11-22T15:41:00Z","actor":"a","pool":"p","action":"set","old":{"a":50},"new":{"a":100}}]',
    "crontab": b"# jobs\nCRON_TZ=Europe/Berlin\n*/10 * * * * /opt/export.sh\n@daily /opt/clean.sh\n",
    "cdevents": b'{"context":{"version":"0.4.1","id":"1","source":"/ci","type":"dev.cdevents.service.deployed.0.2.0","timestamp":"2026-11-22T14:00:00Z"},"subject":{"id":"svc","type":"service","content":{"environment":{"id":"prod"},"artifactId":"pkg:oci/a@1"}}}',
    "gitlab": b'[{"id":42,"iid":2,"ref":"v2","sha":"a84d88e7","status":"success","created_at":"2026-11-22T14:00:00Z","updated_at":"2026-11-22T14:03:00Z","user":{"username":"kim"},"environment":{"name":"production"},"project":"shop/pay"}]',
    "github": b'[{"id":42,"sha":"a84d88e7","ref":"main","task":"deploy","environment":"production","created_at":"2026-11-22T14:00:00Z","updated_at":"2026-11-22T14:00:00Z","creator":{"login":"kim"},"url":"https://api.github.com/x","statuses_url":"https://x","description":null}]',
    "kubernetes": b'{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Event","metadata":{"name":"a","namespace":"n","uid":"u"},"involvedObject":{"kind":"Pod","name":"a-1"},"reason":"OOMKilling","message":"x","type":"Warning","firstTimestamp":"2026-11-22T14:00:00Z","lastTimestamp":"2026-11-22T14:00:00Z","count":3}]}',
    "annotations": b'[{"id":1,"time":1700000000000,"timeEnd":1700000001000,"text":"deploy pay","tags":["deploy","pay"],"login":"kim","dashboardUID":"x"}]',
    "metrics csv": b"time,cpu,memory\n2026-11-22T14:00:00Z,0.5,17\n2026-11-22T14:01:00Z,0.6,18\n2026-11-22T14:02:00Z,0.7,19\n",
    "span table": b"TraceID,SpanID,ParentID,OperationName,ServiceName,StartTimeUnixNano,Duration\na1,b1,,get,web,1700000000000000000,17\na1,b2,b1,get,db,1700000000000000001,7\n",
    "metric table": b"timestamp,source,destination,requests\n2026-11-22T14:00:00Z,web,db,3\n2026-11-22T14:01:00Z,web,db,4\n",
    "call table": b"caller,callee,weight\nweb,cart,1\ncart,db,3\n",
    "change table": b"time,kind,service,version,title\n2026-11-22T14:41:00Z,deploy,pay,v2,x\n2026-11-22T15:41:00Z,deploy,pay,v3,y\n",
    "ansible": b"PLAY [web] ***\n\nTASK [a] ***\nSunday 22 November 2026  14:03:21 +0000 (0:00:10.035)       0:00:10.070 *******\nchanged: [web1]\n",
    "applied": b'[{"ID":"7063","JobID":"shop","JobVersion":7,"Status":"successful","TaskGroups":{},"CreateTime":1795356301500000000}]',
    "jenkins": b'{"number":142,"result":"FAILURE","timestamp":1795356301500,"duration":61234,"fullDisplayName":"deploy-shop #142","url":"https://ci.example/job/deploy-shop/142/","actions":[{},{"causes":[{"userId":"ann"}]}]}',
    "ansible json": b'{"stats":{},"plays":[{"play":{"name":"web"},"tasks":[{"task":{"id":"2","name":"a","duration":{"start":"2026-11-22T14:05:01.5Z"}},"hosts":{"web1":{"changed":true}}}]}]}',
    "stack events": b'{"StackEvents":[{"StackName":"shop","EventId":"1","LogicalResourceId":"shop","ResourceType":"AWS::CloudFormation::Stack","Timestamp":"2026-11-22T14:05:01.5Z","ResourceStatus":"UPDATE_IN_PROGRESS"}]}',
    "host history": b"2026-11-22 14:03:11 startup archives unpack\n2026-11-22 14:03:12 upgrade openssl:amd64 3.0.11-1 3.0.13-1\n",
    "apt history": b"Start-Date: 2026-11-22  14:03:12\nUpgrade: openssl:amd64 (3.0.11-1, 3.0.13-1)\nEnd-Date: 2026-11-22  14:03:45\n",
    "last": b"reboot   system boot  6.1.0-18-amd64   Sun Nov 22 14:03:12 2026   still running\n",
    "migrations": b"installed_rank,version,description,script,installed_by,installed_on,execution_time,success\n1,2,a,V2.sql,shop,2026-11-22 14:04:11.5,60000,true\n",
    "migrations json": b'[{"ID":"7","AUTHOR":"ann","FILENAME":"db.xml","DATEEXECUTED":"2026-11-22T14:03:11.5Z","EXECTYPE":"EXECUTED"}]',
    "sentry": b'[{"eventID":"9fac","groupID":"1","title":"TimeoutError: a","platform":"python","dateCreated":"2026-11-22T14:05:01Z","tags":[{"key":"release","value":"shop@2.4.1"}],"user":{"id":"17"},"exception":{"values":[{"type":"A","value":"b","stacktrace":{"frames":[{"filename":"a","function":"f","lineno":1}]}}]}}]',
    "sentry releases": b'[{"version":"web@2.4.1","ref":"a1b2","dateCreated":"2026-11-22T14:05:01Z","dateReleased":null,"projects":[{"slug":"web"}],"lastDeploy":{"id":"5","environment":"prod","dateStarted":"2026-11-22T14:05:01Z","dateFinished":"2026-11-22T14:06:01Z"}}]',
    "rss": b'<?xml version="1.0"?><rss version="2.0"><channel><title>Cards</title><item><title>Errors</title><pubDate>Sun, 22 Nov 2026 14:05:01 GMT</pubDate><guid>a</guid><description>&lt;b&gt;c&lt;/b&gt;</description></item></channel></rss>',
    "exporter lines": b'{"Timestamp":"2026-11-22 14:05:01.5","TraceId":"0a","SpanId":"0b","SeverityText":"ERROR","SeverityNumber":17,"ServiceName":"web","Body":"a","ResourceAttributes":{"b":"c"},"LogAttributes":{}}\n',
    "datadog traces": b'[{"trace_id":7311,"span_id":41,"parent_id":0,"service":"kiosk","name":"flask.request","resource":"POST /a","start":1795356301500000001,"duration":42,"error":1,"meta":{"http.status_code":"502"},"metrics":{"n":2}},{"trace_id":7311,"span_id":42,"parent_id":41,"service":"seats","name":"b","resource":"GET /b","start":1795356301500000002,"duration":21,"error":0}]\n',
    "nomad job history": b'Version     = 31\nStable      = true\nSubmit Date = 2026-11-22T15:40:30+01:00\nDiff        =\n+/- Job: "seats"\n      +/- image: "hub/seats:2.1.0" => "hub/seats:2.2.0"\n\nVersion     = 30\nStable      = true\nSubmit Date = 2026-11-20T09:00:00Z\n',
    "cloud run revisions": b"   REVISION         ACTIVE  SERVICE  DEPLOYED                 DEPLOYED BY\n+  seats-00031-kud  yes     seats    2026-11-22 14:40:30 UTC  ci@kiosk.example\n",
    "tickets of an inbox": b'received_local,school,subject\n2026-11-22 02:06,Hill,"Cannot log in"\n2026-11-22 02:09,Dale,Blank page\n',
    "licence daemon": b'23:59:58 (meshd) OUT: "MESH_PRO" kim@ws-4\n 0:00:02 (meshd) TIMESTAMP 11/22/2026\n 8:00:03 (meshd) DENIED: "MESH_PRO" lee@ws-5  (No such feature exists. (-5,346))\n',
    "licence file": b"SERVER lic-9 0050560a 27000\nVENDOR meshd\nINCREMENT MESH_PRO meshd 4.0 21-nov-2026 8 SIGN=00BB \\\n\tISSUED=20-nov-2025\n",
    "page": b"FIRING (2026-11-22 14:41 CET) SlowSeats: p95 over 2 s for 5 min\n",
    "heroku releases": b"=== kiosk Releases - Current: v31\n\nv31  Deploy 213e78d5  kim@kiosk.example  2026/11/22 14:41:00 +0000\nv30  Set POOL config vars  lee@kiosk.example  2026/11/20 09:08:12 +0000\n",
    "exporter spans": b'{"Timestamp":"2026-11-22 14:05:01.5","TraceId":"0a","SpanId":"0b","SpanName":"GET /","SpanKind":"Server","ServiceName":"web","ResourceAttributes":{},"SpanAttributes":{"b":"c"},"Duration":"1000","StatusCode":"Error","Events.Timestamp":["2026-11-22 14:05:01.5"],"Events.Name":["e"],"Events.Attributes":[{"a":"b"}]}\n',
    "exporter sums": b'{"TimeUnix":"2026-11-22 14:05:01","StartTimeUnix":"2026-11-22 14:00:00","MetricName":"m","ServiceName":"web","ResourceAttributes":{},"Attributes":{"b":"c"},"Value":4,"AggregationTemporality":2,"IsMonotonic":true}\n',
    "exporter gauges": b'{"TimeUnix":"2026-11-22 14:05:01","MetricName":"m","ServiceName":"web","ResourceAttributes":{},"Attributes":{"b":"c"},"Value":4}\n',
    "zendesk": b'{"results":[{"id":1,"subject":"Cannot pay","description":"a","status":"open","created_at":"2026-11-22T14:05:01Z","via":{"channel":"web"},"tags":["b"]}]}',
    "docker events": b'{"status":"create","id":"a","from":"shop/web:2.5","Type":"container","Action":"create","Actor":{"ID":"a","Attributes":{"exitCode":"137","image":"shop/web:2.5","name":"web"}},"time":1795356301,"timeNano":1795356301013621187}\n',
    "pagerduty changes": b'{"change_events":[{"id":"a","type":"change_event","summary":"Deployed web 2.4.1","timestamp":"2026-11-22T14:05:01Z","source":"ci","services":[{"summary":"web"}],"links":[{"href":"https://a.test"}],"custom_details":{"user":"a"}}]}',
    "ticket table": b"ID,Requester,Subject,Status,Created at,Channel\n1,a@shop.test,Cannot pay,open,2026-11-22 14:05:01,Web\n",
    "intercom": b'{"conversations":[{"type":"conversation","id":"1","created_at":1795356301,"state":"open","source":{"type":"email","subject":"a","body":"<p>b</p>"}}]}',
    "opsgenie": b'{"data":[{"id":"a","tinyId":"1","message":"Errors","status":"closed","priority":"P1","createdAt":"2026-11-22T14:05:01Z","updatedAt":"2026-11-22T14:06:01Z","tags":["a"]}]}',
    "google status": b'[{"id":"a","begin":"2026-11-22T14:05:01+00:00","end":null,"external_desc":"Errors","affected_products":[{"title":"Cloud SQL"}],"updates":[{"when":"2026-11-22T14:05:01+00:00","text":"a","status":"b"}],"uri":"incidents/a"}]',
    "xray": b'{"Traces":[{"Id":"1-6741e3f8-9ab2c3d4e5f60718293a4b5c","Segments":[{"Id":"53995c3f42cd8ad8","Document":"{\\"trace_id\\":\\"1-6741e3f8-9ab2c3d4e5f60718293a4b5c\\",\\"id\\":\\"53995c3f42cd8ad8\\",\\"name\\":\\"api\\",\\"start_time\\":1795356301.5,\\"end_time\\":1795356301.9}"}]}]}',
    "xray segment": b'{"trace_id":"1-6741e3f8-9ab2c3d4e5f60718293a4b5c","id":"53995c3f42cd8ad8","name":"api","start_time":1795356301.5,"end_time":1795356301.9,"http":{"request":{"url":"https://a/b","method":"GET"},"response":{"status":500}},"cause":{"exceptions":[{"type":"T","message":"m"}]},"subsegments":[{"id":"a","name":"b","namespace":"remote","start_time":1795356301.6}]}',
    "slack": b'[{"type":"message","text":"Deployed shop v2.4.1","ts":"1795356301.000200","subtype":"bot_message","bot_id":"B1","username":"deploybot","attachments":[{"text":"a"}]}]',
    "windows events": b"<Events><Event><System><Provider Name='App'/><EventID>1</EventID><Level>2</Level><Keywords>0x80</Keywords><TimeCreated SystemTime='2026-11-22T14:05:01Z'/></System><EventData><Data Name='a'>b</Data></EventData></Event></Events>",
    "cloud audit": b'{"Records":[{"eventTime":"2026-11-22T14:05:01Z","eventName":"UpdateService","eventSource":"ecs.amazonaws.com","awsRegion":"eu","eventID":"1","requestParameters":{"service":"shop","taskDefinition":"shop:42"},"userIdentity":{"userName":"ann"}}]}',
    "change feed": b'[{"sha":"0123456789abcdef","author":"ann","message":"fix","date":"2026-11-22T14:05:01Z","files":["a.py"]}]',
    "column logs": b"#Fields: date time s-ip cs-method cs-uri-stem sc-status time-taken\n2026-11-22 14:05:01 10.0.0.1 GET /a 200 17\n",
    "flags": b'{"items":[{"date":1795356301500,"kind":"flag","name":"new-cart","accesses":[{"action":"updateOn","resource":"proj/shop:env/prod:flag/new-cart"}],"titleVerb":"turned on the flag","member":{"email":"ann@x"}}]}',
    "flags of growthbook": b'[{"id":"a","dateCreated":"2026-11-22T14:41:00.000Z","event":"feature.toggle","entity":{"object":"feature","id":"cart"},"user":{"email":"e"},"details":"{\\"pre\\":{\\"on\\":false},\\"post\\":{\\"on\\":true}}"}]',
    "flags of configcat": b'[{"auditLogId":4,"auditLogDateTime":"2026-11-22T14:41:00Z","auditLogTypeEnum":"settingValueChanged","userEmail":"e","actionTarget":"cart","details":"False -> True"}]',
    "flags of flagsmith": b'[{"created_date":"2026-11-22T14:41:00Z","log":"Flag state updated for feature: cart","author":{"email":"e"},"environment":"prod"}]',
    "deploy webhooks": b'{"object_kind":"deployment","status":"success","status_changed_at":"2026-11-22 14:03:00 +0000","deployment_id":15,"deployable_url":"https://git.test/shop/pay/-/jobs/796","environment":"production","project":{"name":"pay","path_with_namespace":"shop/pay"},"short_sha":"279484c0","user":{"username":"kim"},"ref":"v2.1.0"}',
    "flux": b'[{"kustomization":"shop","revision":"main@sha1:1f3c9a7d2b","lastAppliedTime":"2026-11-22T14:41:00Z"}]',
    "flux objects": b'{"apiVersion":"helm.toolkit.fluxcd.io/v2","kind":"HelmRelease","metadata":{"name":"pay"},"status":{"history":[{"chartName":"pay","chartVersion":"6.6.2","lastDeployed":"2026-11-22T14:41:07Z","status":"deployed","version":7}]}}',
    "argocd history": b'[{"id":3,"revision":"1f3c9a7d2b","deployedAt":"2026-11-22T14:41:00Z","source":{"repoURL":"https://x/shop.git","path":"apps/cart"}}]',
    "git text": b"commit 0123456789abcdef0123456789abcdef01234567\nAuthor: Ann <ann@x>\nDate:   Sun Nov 22 14:05:01 2026 +0000\n\n    fix\n\n a.py | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n",
    "revisions": b"REVISION\tUPDATED                 \tSTATUS    \tCHART         \tAPP VERSION\tDESCRIPTION\n41      \tSun Nov 22 10:00:00 2026\tsuperseded\tcheckout-1.2.0\tv2.45.0    \tUpgrade complete\n",
    "statuspage": b'{"page":{"id":"x","name":"Bank"},"incidents":[{"id":"a","name":"Down","status":"investigating","impact":"major","created_at":"2026-11-22T14:05:01Z","started_at":"2026-11-22T14:05:01Z","incident_updates":[{"body":"b","status":"investigating","created_at":"2026-11-22T14:05:01Z"}]}]}',
    "chat": b"[23/11/2026, 14:02] Ann: rolled out pay 2.3.1\n[23/11/2026, 14:15] Bo: is it slow?\nfor you as well\n[23/11/2026, 14:40] Ann: restarted gw-2\n",
    "shift book": b"Shift book, night of 22 November 2026\n\n22:15 restarted stock-db\n00:40 labels 3.2.1 deployed (ann)\n03:10 quiet\n",
    "puppet report": b"---\nhost: web-3\ntime: '2026-11-22T14:02:10.1+00:00'\nreport_format: 12\nconfiguration_version: 4fa0183c33\nstatus: changed\nlogs: []\nresource_statuses:\n  File[/etc/a]: !ruby/object:Puppet::Resource::Status\n    time: '2026-11-22T14:02:13.2+00:00'\n    changed: true\n    events:\n    - message: content changed\n",
    "salt job": b'{"jid":"20261122140210123456","fun":"state.apply","id":"web-3","return":{"file_|-a_|-/etc/a_|-managed":{"__sls__":"a","changes":{"diff":"-a\\n+b"},"comment":"updated","name":"/etc/a","result":true,"start_time":"14:02:13.004211"}}}',
    "chef run": b'{"node":{"name":"app-4"},"success":true,"start_time":"2026-11-22 14:02:10 +0000","end_time":"2026-11-22 14:02:48 +0000","run_id":"b1","updated_resources":[{"declared_type":"template","name":"/etc/a","cookbook_name":"a"}]}',
    "puppetdb": b'[{"certname":"mq-1","hash":"ab","status":"changed","noop":false,"start_time":"2026-11-22T14:02:01.000Z","configuration_version":"4fa0183","resource_events":{"data":[{"status":"success","timestamp":"2026-11-22T14:02:13.000Z","resource_type":"File","resource_title":"/etc/a","property":"content","message":"changed"}]}}]',
    "calendar": b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Europe/Berlin:20261122T140000\r\nDTEND;TZID=Europe/Berlin:20261122T150000\r\nSUMMARY:Maintenance of\r\n  pg-main\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "release notes": b"# Releases of pay\n\n## 4.2.0 (2026-11-22 14:02 UTC)\n\n- a\n\n## 4.1.9 - 2026-11-19\n\n- b\n",
    "diff of settings": b"--- /etc/a.old\t2026-11-20 09:00:00.000000000 +0000\n+++ /etc/a\t2026-11-22 14:02:11.000000000 +0000\n@@ -1 +1 @@\n-a 1\n+a 2\n",
    "mail": b"From: ops@shop.test\nDate: Sun, 22 Nov 2026 14:02:00 +0000\nSubject: [DONE] tariffs 2.2 deployed\n\nHi all,\nit is done.\n",
    "sessions of mysql": b"# show full processlist, 2026-11-22 14:02:11 UTC\nId\tUser\tHost\tdb\tCommand\tTime\tState\tInfo\n7\tshop\tlocalhost\tNULL\tQuery\t312\texecuting\tselect 1\n",
    "sessions of postgres": b" pid | usename | query_start | state | query\n-----+-----+-----+-----+-----\n 7 | shop | 2026-11-22 14:02:11.123+00 | active | select 1\n",
    "tickets as json": b'{"result":[{"number":"CHG0030412","short_description":"Deploy pay 2.1","state":"Closed","cmdb_ci":{"display_value":"pay"},"work_start":"2026-11-22 14:03:10"}]}',
    "tickets as xml": b"<unload><change_request><number>CHG0030500</number><short_description>Deploy pay 2.1</short_description><state>Closed</state><cmdb_ci display_value='pay'>a</cmdb_ci><work_start>2026-11-22 14:03:10</work_start></change_request></unload>",
    "list of pods": b"NAME                    READY   STATUS             RESTARTS      AGE   IP          NODE\n"
    b"pay-7d9f8b6c5-x2x9z     0/1     CrashLoopBackOff   6 (2m ago)    12m   10.42.1.17  node-2\n"
    b"cart-5c9d8f7b6d-kk2kk   1/1     Running            0             12d   10.42.0.9   node-1\n",
    "yaml feed": b"- at: 2026-11-22T14:02:00Z\n  service: pay\n  version: 4.0.1\n  by: ann\n",
}  # fmt: skip

NUMBERS = [
    b"18446744073709551616",
    b"-1",
    b"1e999",
    b"9" * 400,
    b"NaN",
    b"-0",
    b"1e-400",
    b"9223372036854775807",
    b"0",
]
VALUES = [
    b"null",
    b"[]",
    b"{}",
    b'""',
    b"true",
    b'"\\ud83d"',
    b'"\xff\xfe"',
    b'"\\u0000"',
    b"Infinity",
    b'["a",1]',
]
ODD = [
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\x1b[31m",
    b"\r",
    b"\n",
    b"\xe2\x80\xa8",
    b'"',
    b"\\",
    b"{",
    b"]",
    b",",
    b"=",
    b"\x1f\x8b",
]


def _at(chance: random.Random, content: bytes, put: bytes, taken: int = 0) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + put + content[place + taken :]


def _truncated(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _flipped(chance: random.Random, content: bytes) -> bytes:
    return _at(chance, content, bytes([chance.randrange(256)]), 1)


def _odd(chance: random.Random, content: bytes) -> bytes:
    return _at(chance, content, chance.choice(ODD), chance.randrange(2))


def _nested(chance: random.Random, content: bytes) -> bytes:
    depth = chance.choice([1, 20, 254, 255, 400, 1_000, 1_023, 5_000])
    begin, end = chance.choice([(b"[", b"]"), (b'{"a":', b"}")])
    return _replaced(chance, content, begin * depth + b"1" + end * depth)


def _numbered(chance: random.Random, content: bytes) -> bytes:
    return _replaced(chance, content, chance.choice(NUMBERS))


def _valued(chance: random.Random, content: bytes) -> bytes:
    return _replaced(chance, content, chance.choice(VALUES))


def _doubled(chance: random.Random, content: bytes) -> bytes:
    begin = chance.randrange(len(content) + 1)
    return content[:begin] + content[begin : begin + 60] * chance.choice([2, 3, 500]) + content[begin:]


def _replaced(chance: random.Random, content: bytes, put: bytes) -> bytes:
    """The content with one value, or one field of a table, replaced."""
    begins = [place + 1 for place, byte in enumerate(content) if byte in b":,[=\n "]
    if not begins:
        return put
    begin = end = chance.choice(begins)
    if content[begin : begin + 1] == b'"':
        end = content.find(b'"', begin + 1) + 1 or len(content)
    else:
        while end < len(content) and content[end] not in b",]}\n ":
            end += 1
    return content[:begin] + put + content[end:]


SPOILERS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _truncated, _flipped, _odd, _nested, _numbered, _valued, _doubled,
)  # fmt: skip


def spoiled(seed: int) -> tuple[str, bytes]:
    """A valid input after one to three mishaps, always the same for a number, and which it was."""
    chance = random.Random(seed)
    name, content = chance.choice(list(SEEDS.items()))
    return name, mishap(chance, content)


def mishap(chance: random.Random, content: bytes) -> bytes:
    """An input after one to three mishaps."""
    for _ in range(chance.randint(1, 3)):
        content = chance.choice(SPOILERS)(chance, content)
    return content
