using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace ChargeCars.Tests.Conversations.Mailboxes;

/// <summary>A mail server of one folder, on this machine, that speaks the few commands of IMAP by which a mailbox is read.</summary>
internal sealed partial class StandInImap : IAsyncDisposable
{
    public const string Account = "desk@chargecars.example";
    public const string Password = "a password of a mailbox";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _talks = [];
    private readonly Task _serving;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<uint, byte[]> _mails = [];

    public StandInImap()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public uint UidValidity { get; set; } = 7;

    public uint NextUid { get; set; } = 1;

    /// <summary>Numbers of mails that are refused when they are asked for.</summary>
    public ConcurrentDictionary<uint, bool> Refused { get; } = new();

    /// <summary>The mail after whose content the connection ends, once.</summary>
    public uint? DropsAfter { get; set; }

    public bool RefusesPassword { get; set; }

    /// <summary>A size that is told of each mail instead of its own.</summary>
    public int? ToldSize { get; set; }

    public ConcurrentDictionary<uint, bool> Seen { get; } = new();

    /// <summary>Numbers of mails whose content was asked for, in order.</summary>
    public ConcurrentQueue<uint> Fetched { get; } = new();

    public int Connections { get; private set; }

    /// <summary>The last token that somebody signed in with.</summary>
    public string? Token { get; private set; }

    public uint Add(byte[] mail)
    {
        lock (_lock)
        {
            _mails[NextUid] = mail;
            return NextUid++;
        }
    }

    public void Remove(uint uid)
    {
        lock (_lock)
        {
            _mails.Remove(uid);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        await Task.WhenAll(_talks);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                Connections++;
                _talks.Add(TalkAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await TalkAsync(client.GetStream());
            }
            catch (Exception fault) when (fault is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One of the two has gone.
            }
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, false, 4096, leaveOpen: true);
        await SayAsync("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2] ready");
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            var parts = line.Split(' ', 3);
            var (tag, name, rest) = (parts[0], parts.Length > 1 ? parts[1].ToUpperInvariant() : "", parts.Length > 2 ? parts[2] : "");
            switch (name)
            {
                case "CAPABILITY":
                    await SayAsync("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2");
                    await SayAsync($"{tag} OK done");
                    break;
                case "AUTHENTICATE":
                    await SayAsync(SignsIn(rest) ? $"{tag} OK [CAPABILITY IMAP4rev1] signed in" : $"{tag} NO [AUTHENTICATIONFAILED] who is that");
                    break;
                case "LOGIN":
                    await SayAsync($"{tag} NO [AUTHENTICATIONFAILED] not in this way");
                    break;
                case "LIST":
                    await SayAsync(rest.EndsWith("\"\"", StringComparison.Ordinal) ? "* LIST (\\Noselect) \"/\" \"\"" : "* LIST () \"/\" \"INBOX\"");
                    await SayAsync($"{tag} OK done");
                    break;
                case "SELECT" or "EXAMINE":
                    await SayAsync("* FLAGS (\\Seen \\Deleted)");
                    await SayAsync($"* {Numbers().Length} EXISTS");
                    await SayAsync("* 0 RECENT");
                    await SayAsync("* OK [PERMANENTFLAGS (\\Seen)] kept");
                    await SayAsync($"* OK [UIDVALIDITY {UidValidity}] numbered");
                    await SayAsync($"* OK [UIDNEXT {NextUid}] next");
                    await SayAsync($"{tag} OK [{(name == "SELECT" ? "READ-WRITE" : "READ-ONLY")}] opened");
                    break;
                case "UID":
                    await UidAsync(tag, rest);
                    break;
                case "LOGOUT":
                    await SayAsync("* BYE");
                    await SayAsync($"{tag} OK bye");
                    return;
                default:
                    await SayAsync($"{tag} OK done");
                    break;
            }
        }

        async Task UidAsync(string tag, string rest)
        {
            var parts = rest.Split(' ', 3);
            switch (parts[0].ToUpperInvariant())
            {
                case "SEARCH":
                    await SayAsync($"* SEARCH {string.Join(' ', Within(SearchedUids().Match(rest).Groups[1].Value))}");
                    await SayAsync($"{tag} OK done");
                    break;
                case "FETCH":
                    foreach (var uid in Within(parts[1]))
                    {
                        if (!await FetchAsync(uid, parts[2]))
                        {
                            await SayAsync($"{tag} NO [SERVERBUG] this one can't be read");
                            return;
                        }
                    }

                    await SayAsync($"{tag} OK done");
                    break;
                case "STORE":
                    foreach (var uid in Within(parts[1]))
                    {
                        Seen[uid] = true;
                    }

                    await SayAsync($"{tag} OK done");
                    break;
                default:
                    await SayAsync($"{tag} BAD what is that");
                    break;
            }
        }

        async Task<bool> FetchAsync(uint uid, string what)
        {
            byte[] mail;
            lock (_lock)
            {
                mail = _mails[uid];
            }

            var place = Array.IndexOf(Numbers(), uid) + 1;
            var head = Encoding.Latin1.GetString(mail).Split("\r\n\r\n")[0];
            if (what.Contains("BODY.PEEK[]", StringComparison.Ordinal) || what.Contains("BODY.PEEK[HEADER]", StringComparison.Ordinal))
            {
                var isWhole = what.Contains("BODY.PEEK[]", StringComparison.Ordinal);
                Fetched.Enqueue(uid);
                if (Refused.ContainsKey(uid))
                {
                    return false;
                }

                var content = isWhole ? mail : Encoding.Latin1.GetBytes(head + "\r\n\r\n");
                await stream.WriteAsync(Encoding.Latin1.GetBytes($"* {place} FETCH (UID {uid} BODY[{(isWhole ? "" : "HEADER")}] {{{content.Length}}}\r\n"), _end.Token);
                await stream.WriteAsync(content, _end.Token);
                await SayAsync(")");
                if (DropsAfter == uid)
                {
                    DropsAfter = null;
                    stream.Close();
                }

                return true;
            }

            var said = $"UID {uid} RFC822.SIZE {ToldSize ?? mail.Length}";
            if (what.Contains("HEADER.FIELDS", StringComparison.OrdinalIgnoreCase))
            {
                var id = head.Split("\r\n").FirstOrDefault(field => field.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase));
                var fields = id is null ? "\r\n" : $"{id}\r\n\r\n";
                await SayAsync($"* {place} FETCH ({said} BODY[HEADER.FIELDS (MESSAGE-ID)] {{{fields.Length}}}\r\n{fields})");
            }
            else
            {
                await SayAsync($"* {place} FETCH ({said})");
            }

            return true;
        }

        async Task SayAsync(string line) => await stream.WriteAsync(Encoding.Latin1.GetBytes($"{line}\r\n"), _end.Token);
    }

    private bool SignsIn(string rest)
    {
        var given = rest.Split(' ');
        var said = given.Length > 1 ? Encoding.UTF8.GetString(Convert.FromBase64String(given[1])) : "";
        if (given[0].Equals("XOAUTH2", StringComparison.OrdinalIgnoreCase))
        {
            Token = said.Split('\u0001').FirstOrDefault(part => part.StartsWith("auth=Bearer ", StringComparison.Ordinal))?[12..];
            return Token is not null && !RefusesPassword;
        }

        return !RefusesPassword && said == $"\0{Account}\0{Password}";
    }

    private uint[] Numbers()
    {
        lock (_lock)
        {
            return [.. _mails.Keys];
        }
    }

    // A range without an end has the newest mail in it, though that comes before its beginning.
    private uint[] Within(string set)
    {
        var numbers = Numbers();
        var found = new SortedSet<uint>();
        foreach (var range in set.Split(','))
        {
            var ends = range.Split(':');
            var from = uint.Parse(ends[0], System.Globalization.CultureInfo.InvariantCulture);
            var to = ends.Length == 1 ? from : ends[1] == "*" ? uint.MaxValue : uint.Parse(ends[1], System.Globalization.CultureInfo.InvariantCulture);
            found.UnionWith(numbers.Where(number => number >= from && number <= to));
            if (ends is [_, "*" or "4294967295"] && numbers.Length > 0)
            {
                found.Add(numbers[^1]);
            }
        }

        return [.. found];
    }

    [GeneratedRegex(@"UID ([0-9:*,]+)")]
    private static partial Regex SearchedUids();
}
