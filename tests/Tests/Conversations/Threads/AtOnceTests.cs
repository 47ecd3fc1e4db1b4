using System.Net;
using System.Net.Http.Json;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Conversations.Threads;

/// <summary>What several mails or several people do to one conversation in the same moment.</summary>
[Collection(HostCollection.Name)]
public sealed class AtOnceTests(RunningHost host)
{
    /// <summary>Programs that drop References name the mail that they answer and none before it: the oldest ids of these mails differ.</summary>
    [Theory]
    [InlineData(1, 8)]
    [InlineData(7, 8)]
    [InlineData(63, 2)]
    public async Task Answer_AndAllThatAnswerItAtOnce_AreOneThread(int answers, int turns)
    {
        var box = await Mailbox.OpenAsync(host);
        for (var turn = 0; turn < turns; turn++)
        {
            // Another one each time: who writes so much begins no more threads.
            var (customer, unseen, answer) = (Mailbox.Customer(), Mailbox.NewId(), Mailbox.NewId());
            byte[][] mails =
            [
                box.Mail(customer, answer, "Re: Offerte", $"Dat is goed, {turn}.", $"In-Reply-To: <{unseen}>"),
                .. Enumerable.Range(0, answers).Select(n => box.Mail(customer, Mailbox.NewId(), "Re: Offerte", $"En graag vrijdag, {turn} en {n}.", $"In-Reply-To: <{answer}>")),
            ];
            Random.Shared.Shuffle(mails);

            var taken = await Task.WhenAll(mails.Select(box.ReceiveAsync));

            Assert.Single(taken.Select(one => one.Thread).Distinct());
            Assert.Equal(answers + 1, (await box.ThreadAsync(taken[0].Thread)).GetProperty("messageCount").GetInt32());
        }
    }

    [Fact]
    public async Task Answers_OfManyPeopleAtOnce_LeaveOneAndTellTheOthers()
    {
        var (box, customer) = (await Mailbox.OpenAsync(host), Mailbox.Customer());
        var (_, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", "Kan dat?"));
        var people = new List<HttpClient>();
        for (var n = 0; n < 6; n++)
        {
            people.Add(await host.WithKeyAsync("threads.read", "threads.write"));
        }

        var answers = await Task.WhenAll(people.Select((person, n) =>
            person.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = $"Ja, {n}.", basedOn = 1 })));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var told in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            Assert.Equal("/problems/answered-meanwhile", (await told.ProblemAsync(HttpStatusCode.Conflict)).Text("type"));
        }

        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM communication_message WHERE thread_id = '{thread}' AND direction = 'outbound'"));
        people.ForEach(person => person.Dispose());
    }

    /// <summary>A draft of each, sent by both in the same moment.</summary>
    [Fact]
    public async Task Drafts_SentByTwoPeopleAtOnce_LeaveOne()
    {
        var (box, customer) = (await Mailbox.OpenAsync(host), Mailbox.Customer());
        var (_, thread, _) = await box.ReceiveAsync(box.Mail(customer, Mailbox.NewId(), "Vraag", "Kan dat?"));
        using var bo = await host.WithKeyAsync("threads.read", "threads.write");
        using var an = await host.WithKeyAsync("threads.read", "threads.write");
        var drafts = await Task.WhenAll(new[] { bo, an }.Select(async person =>
        {
            using var written = await person.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Ja.", isDraft = true });
            return (Person: person, Id: (await written.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid());
        }));

        var sent = await Task.WhenAll(drafts.Select(draft => draft.Person.PostAsJsonAsync($"/api/messages/{draft.Id}/actions/send", new { basedOn = 1 })));

        Assert.Single(sent, answer => answer.IsSuccessStatusCode);
        Assert.Single(sent, answer => answer.StatusCode == HttpStatusCode.Conflict);
        Assert.Equal(1L, await host.ScalarAsync<long>(
            $"SELECT count(*) FROM communication_message WHERE thread_id = '{thread}' AND direction = 'outbound' AND status <> 'draft'"));
    }
}
