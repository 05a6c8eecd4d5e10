"""scim2-tester: discovers the server and tries every operation on what it offers;
then a directory's day with scim2-client."""

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from conversation import hear, say

about = hear()
http = Client(
    base_url=about["server"] + "/api/1.0/scim/v2",
    headers={"Authorization": "Bearer " + about["token"]},
)
scim = SyncSCIMClient(http)
scim.discover()
User = scim.get_resource_model("User")
# What no schema can say: these are no words, but names of languages and places.
User.model_fields["locale"].examples = ["en-GB", "fr"]
User.model_fields["timezone"].examples = ["Europe/London", "Asia/Tokyo"]
User.model_fields["profile_url"].examples = ["https://people.example/ada"]
User.Emails.model_fields["primary"].examples = [True]
results = check_server(scim)
say(
    checks=[
        {
            "status": result.status.name,
            "title": result.title,
            "reason": result.reason,
            "wrong": result.status not in (Status.SUCCESS, Status.SKIPPED),
        }
        for result in results
    ]
)

made = scim.create(
    User(
        user_name="grace@example.org",
        external_id="e-1",
        emails=[User.Emails(value="grace@example.org", type="work", primary=True)],
    )
)
wanted = {"filter": 'externalId eq "e-1"'}
found = scim.query(User, query_parameters=wanted)
made.display_name = "Grace Hopper"
made.active = False
replaced = scim.replace(made)
scim.delete(User, made.id)
after = scim.query(User, query_parameters=wanted)
say(
    id=made.id,
    found=[user.id for user in found.resources],
    name=replaced.display_name,
    active=replaced.active,
    after=after.total_results,
)
