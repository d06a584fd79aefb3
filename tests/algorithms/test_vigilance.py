"""Follow-ups that ask people for care are distinguished from those that change a system."""

import pytest

from lastgood.algorithms.vigilance import asked_of_people

CARE = """
Make sure this does not happen again
Foster a culture of ownership
Send an email reminding everyone of the change process
Hold a refresher on incident procedures
Avoid deploying on Fridays
Follow the process next time
Be more careful with flag changes
Remind everyone to check the dashboard after a deploy
Train the on-call better
Engineers should double-check the config before pushing
Pay more attention to alerts
We need to communicate better between teams
Please remember to run the migration script first
Everyone must review pull requests more carefully
Raise awareness of the risks of schema changes
Try harder to catch this in review
Make sure people read the runbook
Don't forget to warm the cache
Tell the payments team not to deploy on Fridays
Developers should test their changes thoroughly
Take more care with production credentials
Encourage reviewers to look at migrations
Be mindful of connection limits
Educate the developers about time-outs
Ask engineers to announce deploys in the channel
Review changes twice
The team should be more disciplined about rollbacks
Avoid deploying carelessly
Retrain support staff on escalation
Always think twice before touching the load balancer
Show more ownership
Stress the importance of staging tests to the team
Nobody should push to production without thinking
Operators ought to be vigilant during maintenance
Emphasise good communication in stand-up
Watch the error rate more closely after releases
We should monitor the queue better
Everybody needs to follow the deployment checklist
Use caution when editing DNS
Coach new hires on incident handling
Ensure that developers are aware of the limit
Keep a closer eye on certificates
Create awareness of pool limits
Let's all communicate more
Reviewers must pay attention to retries
Work harder on code quality
Make engineers aware of the new quota
Developers have to be extra careful with regexes
Improve vigilance during deploys
On-call needs to react faster
Hold a session to teach people about back-pressure
Double check before you merge
Instruct the support team to escalate sooner
Please be patient with rollouts
Communicate changes to the database more clearly
Review infrastructure changes with greater scrutiny
Team members must read the deployment guide
Run a training on incident response for all engineers
Be sure to update the flag after use
Follow the process properly
Have everyone double check DNS entries
Improve code review quality
We must not forget the EU region
Discuss the incident in the team meeting
Increase awareness of time zones
Developers to write better tests
Everyone on the team should watch deploys more attentively
Be extra cautious on Fridays
Send an email to all developers about the new limit
Organise a workshop on database locking
Advise engineers against manual changes
Improve communication with the platform team
Train support
Remember that the cache is shared
Make people aware of the consequences
Consider the EU region next time
Operators should verify the region before failing over
Pay attention to the canary
Test better
People need to escalate earlier
Ensure everyone knows how to roll back
Review the code more thoroughly
Don't push on Fridays
""".strip().splitlines()

SYSTEM = """
Send the expiry reminder to the team channel instead of a person
Avoid full scans by adding an index
Alert on the failing share of checkout per card issuer
Add a contract test against the provider's sandbox
Limit retries to two with jitter
Refuse deploys while an incident is open
Set a time-out of two seconds on the charge call
Pool wait time above 100 ms pages the owner of the pool
Remove the shared database connection from the export job
Train the anomaly detector on weekday traffic only
Write a runbook for failing over the payment provider
Move the certificate renewal to the controller
Make the migration reversible
Check in CI that every flag has an owner
Block merges that lower the pool size
Run the export on the replica
Automate the rollback when the canary fails
Review changes to the pricing table with two approvals enforced by the repository
Warn in the deploy tool when a flag changed in the last hour
Keep the last five versions ready for roll-back
Deploy the checkout in stages of 5 %
Test the failover every month with a scheduled job
Document the kill switch of 3DS in the service catalogue
Monitor the age of the oldest message in the queue
Notify the on-call when the provider's status page changes
Stop the scheduler when disk use passes 90 %
Page when no order was placed for five minutes
Have the load balancer eject instances that answer 5xx
Measure consumer lag and alert at 10 000 messages
Verify certificates daily with a probe that alerts 14 days ahead
Ask the provider for a sandbox with the new 3DS format
Replace the hand-edited config by a validated schema
Bound the cache by size
Give every export job its own pool
Split the read and write pools
Show the flag history beside the error chart
Use idempotency keys on charges
Read configuration from the versioned store only
Track deploys in the change feed
Add a step to the deploy pipeline that asks for a second approval
Escalate automatically after ten minutes without an acknowledgement
Canary every flag change on 1 % of users
Delete the unused flag anz-3ds
Put a circuit breaker around the provider
Cap the number of connections per pod at 20
Rate-limit the export endpoint
Fail the build when the schema changed without a version
Ship the collector's dead-letter metrics to the dashboard
Return 503 from /readyz when the database is gone
Log the issuer on every charge
Create an alert on certificate expiry
Drop the second retry layer
Backfill the missing orders with a replayable job
Agree with the provider on a change notice of 14 days
Teach the autoscaler to use queue depth
Reduce the DNS TTL to 60 s
Ensure that the pool is closed on shutdown by a linter rule
Read replicas get their own credentials
Check certificates hourly from the prober
Run the load test before each release in the pipeline
Follow redirects in the health check
Have CI reject untyped flags
Send an alert to the owner when the queue is older than five minutes
Schedule a job that deletes expired sessions
Have the pipeline run the migration on a copy first
Give the consumer its own thread pool
Run canary analysis on every deploy
Improve the index on orders.customer_id so the query stays under 50 ms
Build a dead-letter queue for failed charges
Raise the connection limit to 200 and alert at 150
Create a synthetic probe of checkout per region
Apply back-pressure at the gateway
Keep traces of failing requests for 30 days
Read the pool size from one place
Follow-up deploys wait for the canary
Stop retrying 402 answers
Write a test that replays the failing request
Document and test the restore of backups in a nightly job
Show the next certificate expiry on the room's screen
Merge the two retry settings into one
Make the exporter idempotent
Verify webhooks' signatures in the gateway
""".strip().splitlines()


@pytest.mark.parametrize("text", CARE)
def test_what_asks_for_care_is_reported(text: str) -> None:
    """With its words, for the question that is asked back."""
    assert asked_of_people(text)


@pytest.mark.parametrize("text", SYSTEM)
def test_what_changes_a_system_is_let_through(text: str) -> None:
    """Also where its verb could be said to people."""
    assert None is asked_of_people(text)


@pytest.mark.parametrize("text", ["", "…", "12 %"])
def test_without_words_there_is_nothing_to_ask(text: str) -> None:
    """That something is missing is another person's finding."""
    assert None is asked_of_people(text)
