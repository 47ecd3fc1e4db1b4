using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Telephony.Aircall;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Feeds;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Telephony;

/// <summary>What is read from Aircall's API: calls of an outage, links to what was said, and the card on an agent's phone.</summary>
public sealed class AircallApiTests : IAsyncLifetime
{
    private readonly PollClock _clock = new();
    private StandInAircall _aircall = null!;
    private RunningHost _host = null!;

    // Its time does not run out while the clock is put forward.
    private HttpClient _reader = null!;

    public async Task InitializeAsync()
    {
        _aircall = await StandInAircall.StartAsync();
        _host = new()
        {
            Configuration =
            [
                $"--ChargeCars:Telephony:Aircall:ApiId={StandInAircall.Id}", $"--ChargeCars:Telephony:Aircall:ApiToken={StandInAircall.Token}",
                $"--ChargeCars:Telephony:Aircall:Address={_aircall.Address}", $"--ChargeCars:Telephony:Aircall:Interval={PollClock.Interval}",
                "--ChargeCars:Telephony:Aircall:InsightCards=true",
            ],
            Configure = services => services.AddSingleton<TimeProvider>(_clock),
            Prepare = async database =>
            {
                await using var command = database.DataSource.CreateCommand($"""
                    INSERT INTO business_phone_number (id, aircall_id, name, digits, business_entity_id)
                    SELECT '{Guid.CreateVersion7()}', '9001', 'Service', '+31850123456', id FROM business_entity WHERE entity_code = 'laderthuis'
                    """);
                await command.ExecuteNonQueryAsync();
            },
        };
    }

    public async Task DisposeAsync()
    {
        _reader.Dispose();
        await _host.DisposeAsync();
        await _aircall.DisposeAsync();
    }

    [Fact]
    public async Task Calls_OfAnOutage_AreReadOnce()
    {
        await StartAsync(() =>
        {
            for (var n = 0; n < 60; n++)
            {
                Add($"{1_000 + n}", minutesAgo: 90 - n, answered: n % 2 == 0);
            }
        });

        Assert.Equal(60L, await _host.ScalarAsync<long>("SELECT count(*) FROM call"));
        var call = await CallAsync("1000");
        Assert.Equal(("completed", "laderthuis", "+31612345678", 60), (Word(call, "status"), Word(call, "businessEntity"), Word(call, "callerNumber"), call.GetProperty("duration").GetInt32()));
        Assert.Equal("no_answer", Word(await CallAsync("1001"), "status"));
        Assert.Equal("501", Assert.Single(call.GetProperty("legs").EnumerateArray()).GetProperty("agent").GetProperty("id").GetString());

        var changes = await _host.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE table_name = 'call'");
        await _clock.PollAsync();

        Assert.Equal(changes, await _host.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE table_name = 'call'"));
    }

    [Fact]
    public async Task Call_ADayLater_IsReadAgain_AsTagsComeLate()
    {
        await StartAsync(() => Add("2000", minutesAgo: 30, answered: true));
        _aircall.Calls["2000"] = Call("2000", _aircall.Started["2000"], true, tags: [new { id = 7, name = "terugbellen" }]);
        await _clock.PollAsync();
        Assert.Empty((await CallAsync("2000")).GetProperty("tags").EnumerateArray());

        _clock.Ahead = TimeSpan.FromHours(25);
        await _clock.PollAsync();

        Assert.Equal("terugbellen", Assert.Single((await CallAsync("2000")).GetProperty("tags").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Call_WhoseTagAndCommentWereTakenOffDuringAnOutage_HasThemNoMore_AndKeepsOurNote()
    {
        object[] tags = [new { id = 7, name = "terugbellen" }, new { id = 8, name = "storing" }];
        await StartAsync(() =>
        {
            Add("2100", minutesAgo: 30, answered: true);
            _aircall.Calls["2100"] = Call("2100", _aircall.Started["2100"], true, tags, [new { id = 70, content = "Belt terug" }, new { id = 71, content = "Groep 3" }]);
        });
        var id = (await CallAsync("2100")).GetProperty("id").GetGuid();
        await (await _host.Administrator.PostAsJsonAsync($"/api/calls/{id}/actions/note", new { text = "Van ons" })).JsonAsync();
        Assert.Equal((2, 3), Noted(await CallAsync("2100")));

        _aircall.Calls["2100"] = Call("2100", _aircall.Started["2100"], true, tags[1..], [new { id = 71, content = "Groep 3" }]);
        _clock.Ahead = TimeSpan.FromHours(25);
        await _clock.PollAsync();

        var call = await CallAsync("2100");
        Assert.Equal("storing", Word(Assert.Single(call.GetProperty("tags").EnumerateArray()), "name"));
        Assert.Equal(["Groep 3", "Van ons"], call.GetProperty("comments").EnumerateArray().Select(comment => Word(comment, "content")).Order());

        static (int Tags, int Comments) Noted(JsonElement call) => (call.GetProperty("tags").GetArrayLength(), call.GetProperty("comments").GetArrayLength());
    }

    [Fact]
    public async Task Text_ThatAnEventOnlyNames_IsAskedOfAircall_AlsoBeforeTheCallIsKnown()
    {
        await StartAsync(() => { });
        _aircall.Texts["8000/transcription"] = new
        {
            transcription = new
            {
                id = 1, call_id = 8000, type = "call", content = new
                {
                    language = "nl", utterances = new object[]
                    {
                        new { start_time = 1.5, end_time = 2, text = "Mijn laadpaal knippert rood.", participant_type = "external", phone_number = "+31612345678" },
                        new { start_time = 62.25, end_time = 63, text = "Dan komen we langs.", participant_type = "internal", user_id = 501 },
                    },
                },
            },
        };
        _aircall.Texts["8000/sentiments"] = new { sentiment = new { id = 8000, participants = new[] { new { phone_number = "+31612345678", value = "NEGATIVE", type = "external" } } } };
        _aircall.Refusal = (503, "1");
        var start = _clock.GetUtcNow().ToUnixTimeSeconds();
        await SendAsync("transcription.created", start + 90, new { id = 1, call_id = 8000, call_uuid = "CA8000", type = "call" });
        await SendAsync("sentiment.created", start + 91, new { id = 8000, call_id = 8000 });
        Assert.False((await CallAsync("8000")).GetProperty("hasText").GetBoolean());

        _aircall.Refusal = null;
        Add("8000", minutesAgo: 5, answered: true);
        _clock.Ahead = TimeSpan.FromMinutes(10);
        await _clock.PollAsync();
        // That its end was not told of either has all its texts asked for once more.
        _clock.Ahead = TimeSpan.FromMinutes(90);
        await _clock.PollAsync();
        await _host.UntilDueAsync("kind = 'call.read-text' AND state <> 'done'", count => count == 0);

        var id = (await CallAsync("8000")).GetProperty("id").GetGuid();
        var text = await _reader.ReadAsync($"/api/calls/{id}/text");
        Assert.Equal(("nl", "negative"), (Word(text, "language"), text.GetProperty("sentiments")[0].GetString()));
        Assert.Equal(
            [("Mijn laadpaal knippert rood.", true, null, 1), ("Dan komen we langs.", false, "Bo", 62)],
            text.GetProperty("utterances").EnumerateArray().Select(said =>
                (Word(said, "text")!, said.GetProperty("isCustomer").GetBoolean(), Word(said, "agent"), said.GetProperty("atSeconds").GetInt32())));
        Assert.Equal(1L, await _host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{id}' AND change_summary = 'Read what was said'"));
        Assert.Equal(0L, await _host.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE coalesce(new_values::text, '') LIKE '%knippert%'"));
    }

    [Fact]
    public async Task Texts_OfACallThatAnOutageSwallowed_AreAskedOfAircallOnceTheyCanBeThere()
    {
        await StartAsync(() =>
        {
            Add("8100", minutesAgo: 30, answered: true);
            Add("8101", minutesAgo: 20, answered: false);
        });
        _aircall.Texts["8100/summary"] = new { summary = new { id = 1, call_id = 8100, content = "De laadpaal knippert rood." } };
        Assert.Equal(4L, await _host.ScalarAsync<long>("SELECT count(*) FROM due_command WHERE kind = 'call.read-text' AND state = 'pending'"));

        _clock.Ahead = TimeSpan.FromMinutes(80);
        await _clock.PollAsync();
        await _host.UntilDueAsync("kind = 'call.read-text' AND state <> 'done'", count => count == 0);

        var id = (await CallAsync("8100")).GetProperty("id").GetGuid();
        Assert.Equal("De laadpaal knippert rood.", Word(await _reader.ReadAsync($"/api/calls/{id}/text"), "summary"));
    }

    [Fact]
    public async Task Texts_OfAnAccountThatHasNone_AreAskedForOnce()
    {
        await StartAsync(() => Add("8200", minutesAgo: 30, answered: true));
        _aircall.ForbidsTexts = true;

        _clock.Ahead = TimeSpan.FromMinutes(80);
        await _clock.PollAsync();
        await _host.UntilDueAsync("kind = 'call.read-text' AND state <> 'done'", count => count == 0);

        Assert.Equal(4, _aircall.Requests.Count(path => path.StartsWith("/v1/calls/8200/", StringComparison.Ordinal)));
        Assert.False((await CallAsync("8200")).GetProperty("hasText").GetBoolean());
    }

    [Fact]
    public async Task Call_WhoseHangupWasLost_IsEndedAsAircallSays_AndByItsAgeWhereAircallDoesNotKnowIt()
    {
        await StartAsync(() => { });
        var start = _clock.GetUtcNow().ToUnixTimeSeconds() - 5;
        await RingAsync("3000", start);
        await RingAsync("3001", start);
        await SendAsync("call.answered", start + 2, new { id = "3000", direction = "inbound", user = new { id = 3_501, name = "Bo" } });
        Assert.Equal("in_call", await AgentAsync());
        _aircall.Calls["3000"] = Call("3000", start, answered: true);

        _clock.Ahead = TimeSpan.FromMinutes(5);
        await _clock.PollAsync();

        Assert.Equal(("completed", "ringing"), (Word(await CallAsync("3000"), "status"), Word(await CallAsync("3001"), "status")));

        Assert.NotEqual("in_call", await AgentAsync());

        _clock.Ahead = TimeSpan.FromMinutes(70);
        await _clock.PollAsync();

        Assert.Equal("no_answer", Word(await CallAsync("3001"), "status"));

        Task<string> AgentAsync() => _host.ScalarAsync<string>("SELECT status FROM agent_presence WHERE agent_id = '3501'");
    }

    [Fact]
    public async Task Aircall_ThatRefuses_IsLeftAlone_AndNothingIsPassedOver()
    {
        await StartAsync(() => { });
        _aircall.Refusal = (429, "600");
        var wait = await _clock.PollAsync();
        Assert.True(wait >= TimeSpan.FromSeconds(600), $"It waits {wait}.");
        Add("4000", minutesAgo: 3, answered: true);

        _clock.Ahead = TimeSpan.FromHours(5);
        _aircall.Refusal = null;
        await _clock.PollAsync();

        Assert.Equal("completed", Word(await CallAsync("4000"), "status"));
    }

    [Fact]
    public async Task Calls_ThatAreMoreThanAircallLists_AreAskedForInParts()
    {
        _aircall.LongestListed = 3 * 3_600;
        await StartAsync(() =>
        {
            Add("5000", minutesAgo: 23 * 60, answered: true);
            Add("5001", minutesAgo: 5, answered: true);
        });

        Assert.Equal(2L, await _host.ScalarAsync<long>("SELECT count(*) FROM call"));
    }

    [Fact]
    public async Task Recording_IsFetchedAnew_AndWhoListensIsOnRecord()
    {
        await StartAsync(() => Add("6000", minutesAgo: 30, answered: true));
        var id = (await CallAsync("6000")).GetProperty("id").GetGuid();
        var address = $"/api/calls/{id}/recording";

        var (one, other) = (await _reader.ReadAsync(address), await _reader.ReadAsync(address));

        Assert.True(one.GetProperty("isFresh").GetBoolean());
        Assert.StartsWith("https://aircall.example/recording/", Word(one, "address"), StringComparison.Ordinal);
        Assert.NotEqual(Word(one, "address"), Word(other, "address"));
        Assert.Equal(2L, await ListenedAsync(id));

        _aircall.Refusal = (503, null);
        await (await _reader.GetAsync(address)).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        _aircall.Refusal = null;
        _aircall.Calls.TryRemove("6000", out _);
        await (await _reader.GetAsync(address)).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(4L, await ListenedAsync(id));

        // What was forgotten is not fetched again, though Aircall may have it.
        Add("6000", minutesAgo: 30, answered: true);
        await _host.ExecuteAsync($"UPDATE call SET recording_url = NULL WHERE id = '{id}'");
        await (await _reader.GetAsync(address)).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(4L, await ListenedAsync(id));
    }

    [Fact]
    public async Task Phone_ThatRings_ShowsWhoCalls()
    {
        await StartAsync(() => { });
        var contact = Guid.CreateVersion7();
        await _host.ExecuteAsync($"""
            INSERT INTO contact (id, first_name, last_name, email, mobile) VALUES ('{contact}', 'Anna', 'de Vries', '{contact}@example.nl', '+31612345678')
            """);

        await RingAsync("7000", _clock.GetUtcNow().ToUnixTimeSeconds());

        var (call, card) = await _aircall.CardAsync();
        var title = card.GetProperty("contents")[0];
        Assert.Equal(("7000", "title", "Anna de Vries"), (call, Word(title, "type"), Word(title, "text")));
    }

    private static string? Word(JsonElement of, string member) => of.GetProperty(member).GetString();

    private async Task StartAsync(Action prepare)
    {
        prepare();
        await _host.InitializeAsync();
        await _clock.RestsAsync();
        _reader = await _host.WithKeyAsync("calls.read", "calls.listen");
    }

    private void Add(string id, int minutesAgo, bool answered)
    {
        var start = _clock.GetUtcNow().AddMinutes(-minutesAgo).ToUnixTimeSeconds();
        _aircall.Calls[id] = Call(id, start, answered);
        _aircall.Started[id] = start;
    }

    private static Func<int, object> Call(string id, long start, bool answered, object[]? tags = null, object[]? comments = null) => link => new
    {
        id, sid = $"CA{id}", direction = "inbound", status = "done", started_at = start, answered_at = answered ? start + 10 : (long?)null, ended_at = start + 60, duration = 60,
        raw_digits = "+31 6 12345678", number = new { id = "9001", name = "Service", digits = "+31 85 012 3456" }, user = new { id = 501, name = "Bo" },
        recording = answered ? $"https://aircall.example/recording/{link}" : null, tags = tags ?? [], comments = comments ?? [], archived = false,
    };

    private Task RingAsync(string id, long at) => SendAsync("call.ringing_on_agent", at, new
    {
        id, direction = "inbound", status = "initial", started_at = at, raw_digits = "+31 6 12345678",
        number = new { id = "9001", name = "Service", digits = "+31 85 012 3456" }, user = new { id = 501, name = "Bo" },
    });

    private async Task SendAsync(string name, long at, object data)
    {
        var token = (await (await _host.Administrator.PostAsJsonAsync("/api/telephony/aircall/tokens", new { name = $"of {name}" })).JsonAsync(HttpStatusCode.Created)).GetProperty("token").GetString();
        using var anybody = _host.Anonymous();
        var answer = await anybody.PostAsJsonAsync("/api/telephony/aircall", new { resource = "call", @event = name, timestamp = at, token, data });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<JsonElement> CallAsync(string id) =>
        Assert.Single((await _reader.ReadAsync($"/api/calls?callId={id}")).GetProperty("items").EnumerateArray());

    private Task<long> ListenedAsync(Guid id) =>
        _host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{id}' AND change_summary = 'Listened to the recording'");
}

/// <summary>How Aircall's API is configured.</summary>
public sealed class AircallApiOptionsTests
{
    [Theory]
    [InlineData("", "t", "https://api.aircall.io/v1", 300, true, "InsightCards")]
    [InlineData("id", "", "https://api.aircall.io/v1", 300, false, "ApiToken")]
    [InlineData("id", "t", "http://api.aircall.io/v1", 300, false, "Address")]
    [InlineData("id", "t", "https://api.aircall.io/v1", 0, false, "Interval")]
    public void Options_ThatAreWrong_NameTheirKey(string id, string token, string address, int seconds, bool cards, string key)
    {
        var options = new AircallApiOptions { ApiId = id, ApiToken = token, Address = address, Interval = TimeSpan.FromSeconds(seconds), InsightCards = cards };

        Assert.Contains($"ChargeCars:Telephony:Aircall:{key}", Assert.Single(new AircallApiOptions.Validator().Validate(null, options).Failures!), StringComparison.Ordinal);
    }
}
