using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Telephony.Aircall;
using ChargeCars.Telephony.Calls;
using ChargeCars.Tests.Conversations.Threads;
using ChargeCars.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Telephony;

/// <summary>What the telephony system writes of what was said: kept beside the call, for those who may listen.</summary>
[Collection(HostCollection.Name)]
public sealed class CallTextTests(RunningHost host)
{
    private const long Start = 1_796_000_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Texts_InAnyOrderAndNumber_BeforeAndAfterTheCallsOwnEvents_AreOneCallsNewest(int seed)
    {
        var (token, id) = (await TokenAsync(), $"{Random.Shared.NextInt64(1_000_000_000, long.MaxValue)}");
        (string Name, long At, object Data)[] events =
        [
            ("call.created", 0, new { id, direction = "inbound", started_at = Start, raw_digits = "+31 6 12345678" }),
            ("call.answered", 5, new { id, direction = "inbound", answered_at = Start + 5, user = new { id = 501, name = "Bo" } }),
            ("call.ended", 60, new { id, direction = "inbound", status = "done", ended_at = Start + 55 }),
            ("summary.created", 100, new { id = 1, call_id = id, content = "Eerst gedacht aan de kabel." }),
            ("summary.created", 130, new { id = 2, call_id = id, content = "De laadpaal knippert rood." }),
            ("topics.created", 110, new { id = 3, call_id = id, content = new[] { "storing", "afspraak", "storing" } }),
        ];
        var random = new Random(seed);
        (string Name, long At, object Data)[] sent = [.. events, .. events, .. events.Where(_ => random.Next(2) == 0)];
        if (seed > 0)
        {
            random.Shuffle(sent);
        }

        foreach (var (name, at, data) in sent)
        {
            await SendAsync(token, name, Start + at, data);
        }

        var row = await RowAsync(id);
        var call = await host.Administrator.ReadAsync($"/api/calls/{row}");
        Assert.Equal(("completed", true, 50), (call.Text("status"), call.GetProperty("hasText").GetBoolean(), call.GetProperty("talkSeconds").GetInt32()));
        var text = await host.Administrator.ReadAsync($"/api/calls/{row}/text");
        Assert.Equal("De laadpaal knippert rood.", text.Text("summary"));
        Assert.Equal(["storing", "afspraak"], text.GetProperty("topics").EnumerateArray().Select(topic => topic.GetString()));
        Assert.Equal(JsonValueKind.Null, text.GetProperty("utterances").ValueKind);
        Assert.Equal("{summary,topics}", await host.ScalarAsync<string>($"SELECT texts::text FROM call WHERE id = '{row}'"));
        Assert.Equal(2L, await host.ScalarAsync<long>($"SELECT count(*) FROM call_text WHERE call_row = '{row}'"));
    }

    [Fact]
    public async Task Text_IsForThoseWhoMayListen_AndInNothingElse()
    {
        var (token, id) = (await TokenAsync(), $"{Random.Shared.NextInt64(1_000_000_000, long.MaxValue)}");
        var word = $"zw{id}q";
        await SendAsync(token, "call.ended", Start + 60, new { id, direction = "inbound", status = "done", started_at = Start, ended_at = Start + 60, raw_digits = "anonymous" });
        await SendAsync(token, "summary.created", Start + 100, new { id = 1, call_id = id, content = $"Over {word}." });
        var row = await RowAsync(id);
        using var reader = await host.WithKeyAsync("audit.read", "calls.read");
        using var listener = await host.WithKeyAsync("calls.read", "calls.listen");
        using var foreign = await host.WithKeyAsync(new { name = "ears", permissions = new[] { "calls.read", "calls.listen" }, businessEntities = new[] { "ratioshop" } });
        var address = $"/api/calls/{row}/text";

        await (await reader.GetAsync(address)).ProblemAsync(HttpStatusCode.Forbidden);
        await (await foreign.GetAsync(address)).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(0L, await ReadsAsync(row));
        Assert.Equal($"Over {word}.", (await listener.ReadAsync(address)).Text("summary"));
        Assert.Equal(1L, await ReadsAsync(row));
        foreach (var open in new[] { $"/api/calls/{row}", $"/api/calls?callId={id}", $"/api/audit?recordId={row}" })
        {
            Assert.DoesNotContain(word, await host.Administrator.GetStringAsync(open), StringComparison.Ordinal);
        }

        Assert.Empty((await host.Administrator.ReadAsync($"/api/search?q={word}")).GetProperty("items").EnumerateArray());
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE entity_id = '{row}' AND data::text LIKE '%{word}%'"));
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE concat(old_values, new_values) LIKE '%{word}%'"));
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM due_command WHERE command::text LIKE '%{word}%'"));
        // A call of which nothing was written has none.
        var bare = $"{Random.Shared.NextInt64(1_000_000_000, long.MaxValue)}";
        await SendAsync(token, "call.ended", Start + 60, new { id = bare, status = "done" });
        await (await listener.GetAsync($"/api/calls/{CallMerge.IdOf(bare)}/text")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Text_ThatIsNotedAnew_BeforeThoseOfFormerTimesAreDeleted_Stays()
    {
        var (token, id) = (await TokenAsync(), $"{Random.Shared.NextInt64(1_000_000_000, long.MaxValue)}");
        await SendAsync(token, "call.ended", Start + 60, new { id, status = "done" });
        await SendAsync(token, "topics.created", Start + 100, new { id = 1, call_id = id, content = new[] { "storing" } });
        var row = await RowAsync(id);
        await host.ExecuteAsync($"UPDATE call SET texts = '{{summary}}' WHERE id = '{row}'");
        var texts = host.Services.GetRequiredService<CallTexts>();
        await texts.KeepAsync(row, CallTextKind.Summary, DateTimeOffset.FromUnixTimeSeconds(Start + 200), new() { Summary = "Opnieuw." }, CancellationToken.None);

        await new CallTextRemoval(texts).CarryOutAsync(row, new(), new CommandContext(Guid.CreateVersion7(), Actor.System), CancellationToken.None);

        Assert.Equal("summary", await host.ScalarAsync<string>($"SELECT string_agg(kind, ' ') FROM call_text WHERE call_row = '{row}'"));
    }

    [Theory]
    [InlineData(CallTextKind.Transcription, """{"call_id":1}""")]
    [InlineData(CallTextKind.Transcription, """{"content":{"utterances":[{"start_time":"soon"},7,null,{"text":"  "}]}}""")]
    [InlineData(CallTextKind.Transcription, """{"content":"text"}""")]
    [InlineData(CallTextKind.Summary, """{"content":{"a":1}}""")]
    [InlineData(CallTextKind.Summary, """{"content":" "}""")]
    [InlineData(CallTextKind.Topics, """{"content":[]}""")]
    [InlineData(CallTextKind.Topics, """{"content":"billing"}""")]
    [InlineData(CallTextKind.Sentiment, """{"participants":[{"type":"internal","value":"POSITIVE"}]}""")]
    [InlineData(CallTextKind.Sentiment, """{"participants":{"value":1}}""")]
    [InlineData(CallTextKind.Sentiment, "[]")]
    public void Text_ThatIsNone_IsNotRead(CallTextKind kind, string data) =>
        Assert.Null(AircallTexts.Read(kind, JsonElement.Parse(data)));

    [Fact]
    public void Utterances_OutOfEveryBound_AreReadAsFarAsTheyGo()
    {
        var many = JsonSerializer.SerializeToElement(new
        {
            content = new { utterances = Enumerable.Range(0, 10_010).Select(n => new { text = n == 0 ? new string('x', 6_000) : "ja\0", start_time = -1, user_id = n }) },
        });

        var text = AircallTexts.Read(CallTextKind.Transcription, many)!;

        Assert.Equal((10_000, 5_000, "ja"), (text.Utterances!.Count, text.Utterances[0].Text.Length, text.Utterances[1].Text));
        Assert.Null(text.Utterances[0].AtSeconds);
    }

    private async Task<Guid> RowAsync(string id)
    {
        var row = CallMerge.IdOf(id);
        await host.UntilDueAsync($"target_id = '{row}' AND kind = 'call.read-text' AND state <> 'done'", count => count == 0);
        return row;
    }

    private Task<long> ReadsAsync(Guid row) =>
        host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{row}' AND change_summary = 'Read what was said'");

    private async Task SendAsync(string token, string name, long at, object data)
    {
        using var anybody = host.Anonymous();
        using var sent = await anybody.PostAsJsonAsync("/api/telephony/aircall", new { resource = name.Split('.')[0], @event = name, timestamp = at, token, data });
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
    }

    private async Task<string> TokenAsync() =>
        (await (await host.Administrator.PostAsJsonAsync("/api/telephony/aircall/tokens", new { name = "Of a test" })).JsonAsync(HttpStatusCode.Created)).Text("token")!;
}
