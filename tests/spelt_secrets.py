"""Secrets as logs, settings and commands spell them; in each, what must not be seen again begins with Hunter2x."""

SPELT = (
    r"{\"password\":\"Hunter2x!\"}",
    r'{\\"password\\":\\"Hunter2x!\\"}',
    '{"api_key"=>"Hunter2xHunter2x"}',
    "'password' => 'Hunter2x!'",
    "password%3DHunter2x!&a=1",
    "<password>Hunter2x!</password>",
    '<wsse:Password Type="a#b">Hunter2x!</wsse:Password>',
    "mysqldump --db-password Hunter2x! shop",
    "CREATE USER a IDENTIFIED BY 'Hunter2x!'",
    "PGPASSWORD=Hunter2x! psql",
    "DB_PASS=Hunter2x!",
    '"secretKey": "Hunter2xHunter2x"',
    "AccountKey=Hunter2xHunter2xHunter2x==;",
    "https://store/y?sv=1&sig=Hunter2xHunter2x%3D",
    "https://hooks.slack.com/services/T0000000/B0000000/Hunter2xHunter2x",
    "hf_Hunter2xHunter2xHunter2xHunter2xHunter2x",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\nHunter2x\n-----END PGP PRIVATE KEY BLOCK-----",
)
