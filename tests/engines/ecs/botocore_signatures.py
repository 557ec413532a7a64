"""botocore_signatures.py COUNT SEED: random requests, one JSON object a line, with the signature that botocore makes of
each. Run with a Python that has botocore."""
import datetime
import json
import random
import string
import sys
import urllib.parse

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SAFE = string.ascii_letters + string.digits
TEXT = SAFE + " -_.~!*'();:@&=+$,/?#[]%\"<>éß🎪"


def text(chance: random.Random, alphabet: str, longest: int) -> str:
    return "".join(chance.choices(alphabet, k=chance.randint(0, longest)))


def one(chance: random.Random) -> dict:
    moment = datetime.datetime(2000, 1, 1) + datetime.timedelta(seconds=chance.randrange(10 ** 9))
    region = chance.choice(["us-west-2", "eu-central-1", "ap-southeast-3"])
    service = chance.choice(["ecs", "ec2", "logs", "sts"])
    path = "/".join([""] + [urllib.parse.quote(text(chance, TEXT, 8), safe="") for _ in range(chance.randint(0, 4))]) or "/"
    query = "&".join(f"{urllib.parse.quote(text(chance, TEXT, 6) or 'x', safe='')}={urllib.parse.quote(text(chance, TEXT, 6), safe='')}"
                     for _ in range(chance.randint(0, 5)))
    url = f"https://{service}.{region}.amazonaws.com{path}" + (f"?{query}" if query else "")
    headers = {f"X-Amz-{text(chance, SAFE, 5)}x{index}": text(chance, SAFE + "  -;=", 20) or "v"
               for index in range(chance.randint(0, 4))}
    headers["Content-Type"] = "application/x-amz-json-1.1"
    body = text(chance, TEXT, 200)
    token = text(chance, SAFE + "/+=", 40) if chance.random() < 0.5 else ""
    keys = Credentials("AKID" + text(chance, SAFE, 16), text(chance, SAFE + "/+", 40) or "s", token or None)
    request = AWSRequest(method=chance.choice(["GET", "POST", "PUT", "DELETE"]), url=url, headers=headers, data=body.encode())
    stamp = moment.strftime("%Y%m%dT%H%M%SZ")
    signer = botocore.auth.SigV4Auth(keys, service, region)
    frozen(signer, request, moment, stamp)
    return {"method": request.method, "url": url, "headers": list(headers.items()), "body": body, "region": region,
            "service": service, "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "key": keys.access_key,
            "secret": keys.secret_key, "token": token, "authorization": request.headers["Authorization"]}


def frozen(signer, request, moment, stamp) -> None:
    """Signs as of that moment, whatever the clock says."""
    keep = botocore.auth.get_current_datetime
    botocore.auth.get_current_datetime = lambda *_: moment
    try:
        signer.add_auth(request)
    finally:
        botocore.auth.get_current_datetime = keep
    assert request.headers["X-Amz-Date"] == stamp


def main() -> None:
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(seed)
    for _ in range(count):
        print(json.dumps(one(chance) | {"seed": seed}))


main()
