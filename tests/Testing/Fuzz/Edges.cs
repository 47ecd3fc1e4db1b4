using System.Text;

namespace ChargeCars.Testing.Fuzz;

/// <summary>What requests are made wrong with.</summary>
internal static class Edges
{
    private static readonly string Long = new('x', 300);
    private static readonly string Longer = new('y', 70_000);

    /// <summary>JSON values as they stand in a body: some no serializer would write.</summary>
    public static readonly string[] Json =
    [
        "null", "true", "false", "0", "-0", "-1", "1e400", "-1e400", "1e-400", "9007199254740993", "2147483648", "-2147483649", "9223372036854775808",
        "-9223372036854775809", "99999999999999999999999999999999", "0.1", "3.333", "12345678.999", "100000000.00", "79228162514264337593543950336",
        "\"\"", "\" \"", "\"\\ud800\"", "\"a\\udc00\\ud800b\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\u0001\\u001b[31m\"", "\"\\u202eabc\\u2066\"", "\"\\ufeff\"",
        "\"\\ud83d\\ude90\"", "\"e\\u0301\"", $"\"{Long}\"", $"\"{Longer}\"", $"\"{Repeated("\\ud83d\\ude90", 150)}\"",
        "\"0001-01-01\"", "\"9999-12-31\"", "\"2026-02-30\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00+14:00\"",
        "\"9999-12-31T23:59:59-14:00\"", "\"2026-11-29T19:00:00\"", "\"2026-11-29T19:00:00\\ud800Z\"", "\"2026-11-29T24:00:00Z\"", "\"+292277026596-12-04\"",
        "\"infinity\"", "\"NaN\"", "\"-Infinity\"", "\"00000000-0000-0000-0000-000000000000\"", "\"{ffffffff-ffff-ffff-ffff-ffffffffffff}\"", "\"24:00\"", "\"07:30:00.0000001\"",
        "\"'; DROP TABLE vehicle; --\"", "\"%00\"", "\"../../etc/passwd\"", "\"$1\"", "\"{0}\"", "\"<script>alert(1)</script>\"", "\"=1+1\"", "\"*\"", "\"1\"", "\"true\"",
        "[]", "{}", "[null]", "[{}]", "[[[]]]", "[1,\"a\",null,{}]", "{\"\\ud800\":1}", "{\"\":1}", "{\"__proto__\":{}}", "{\"a\":1,\"a\":2}",
        $"[{string.Join(',', Enumerable.Repeat("1", 1_000))}]", Nested("[", "]", 70), Nested("{\"a\":", "}", 70).Replace("{\"a\":}", "{}", StringComparison.Ordinal),
    ];

    /// <summary>Texts for addresses and headers, before they are escaped.</summary>
    public static readonly string[] Text =
    [
        "", " ", "0", "-1", "+5", " 5", "5 ", "1e3", "2147483648", "99999999999999999999", "NaN", "Infinity", "true", "null", "[]", "{}", "\"", "'", "%", "%%", "a,b", "*",
        "\u0001", "\u007f", "\u0085", "\u202e", "\ufeff", "é", "\U0001F690", "\ud83d", "$1", "{0}", "' OR 1=1 --", "../..", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        "2026-11-29T19:00:00", "2026-11-29T19:00:00Z", "2026-02-30T00:00:00Z", "infinity", "00000000-0000-0000-0000-000000000000", "{ffffffff-ffff-ffff-ffff-ffffffffffff}",
        "ffffffffffffffffffffffffffffffff", "createdAt", "-createdAt", "--createdAt", "id", "1;2", Long, new('z', 3_000),
    ];

    /// <summary>As they stand in an address, where escaping alone would not make them.</summary>
    public static readonly string[] Escaped = ["%ED%A0%80", "%C0%AF", "%FF", "%2F", "%2e%2e", "%", "%zz", "%u0041", "+"];

    /// <summary>NUL in a path is no request at all to the server, which ends the connection; in a query it is one.</summary>
    public const string EscapedNul = "%00";

    public static readonly string[] ContentTypes =
    [
        "application/json", "application/json; charset=utf-8", "application/json; charset=xyz", "application/json; charset=utf-16", "application/json; charset=utf-7",
        "application/json; charset=\"\"", "application/json; charset=", "application/json; charset=\"utf-8", "application/json;", "application/merge-patch+json",
        "application/problem+json", "application/x-ndjson", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "text/plain", "text/html",
        "application/xml", "application/octet-stream", "*/*", "json", "", "application/json, text/plain", "application/\u00e9",
    ];

    /// <summary>Headers that somebody or something reads, and what stands in them.</summary>
    public static readonly (string Name, string[] Values)[] Headers =
    [
        ("If-Match", ["*", "\"1\"", "\"0\"", "\"-1\"", "\"99999999999999999999\"", "W/\"1\"", "\"1\", \"2\"", "1", "\"", "\"a\"b\"", "*, \"1\"", ",", "\"\u00e9\""]),
        ("If-None-Match", ["*", "\"1\"", "x"]),
        ("Idempotency-Key", ["a", " ", "\u0001", "\u00e9\U0001F690", Long, "a,b", "1\t2"]),
        ("Accept", ["*/*", "text/html", "application/xml", "x", "", "application/json;q=2"]),
        ("Accept-Encoding", ["gzip", "br;q=0", "x", "*"]),
        ("Content-Encoding", ["gzip", "br", "identity", "x"]),
        ("User-Agent", ["", new string('a', 299) + "\U0001F690", new string('b', 8_000), "\u0001"]),
        ("Origin", ["https://evil.example", "null", "\u00e9"]),
        ("X-Forwarded-For", ["1.2.3.4", "x", "::1", ", ,"]),
        ("X-HTTP-Method-Override", ["DELETE"]),
        ("Range", ["bytes=0-1", "bytes=-1", "x"]),
        ("Expect", ["x"]),
        ("Cookie", ["chargecars-dashboard=x", "=", ";;;"]),
        ("traceparent", ["00-x-y-z", "\u00e9", new string('0', 500)]),
        ("Last-Event-ID", ["-1"]),
    ];

    /// <summary>Credentials that are none.</summary>
    public static readonly (string Name, string Value)[] Credentials =
    [
        ("Authorization", "Bearer "), ("Authorization", "Bearer x.y.z"), ("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30."), ("Authorization", "Basic YTpi"),
        ("Authorization", "Bearer \u00e9"), ("Authorization", $"Bearer {new string('a', 5_000)}"), ("X-Api-Key", ""), ("X-Api-Key", "cc_"),
        ("X-Api-Key", $"cc_{new string('0', 32)}_{new string('A', 43)}"), ("X-Api-Key", "\u00e9"), ("X-Api-Key", Long),
    ];

    private static string Repeated(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static string Nested(string open, string close, int depth) => Repeated(open, depth) + Repeated(close, depth);
}
