using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Threads;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Conversations.Mail;

public sealed class MailboxTests
{
    [Fact]
    public void Mailbox_EveryMail_IsReadAndThreadedAsStated()
    {
        var box = new MadeMailbox();
        List<string> faults = [];
        Assert.True(box.Mails.Count > 100);
        foreach (var made in box.Mails)
        {
            try
            {
                Receive(box, made);
            }
            catch (Xunit.Sdk.XunitException fault)
            {
                faults.Add($"{made.Name}: {fault.Message}");
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
    }

    [Property(MaxTest = 300)]
    public void Read_ADamagedMailOfTheMailbox_NeverThrows(byte[] noise, int which, int at)
    {
        var mails = Mails.Value;
        byte[] raw = [.. mails[(int)((uint)which % (uint)mails.Count)].Raw];
        noise.AsSpan(0, Math.Min(noise.Length, Math.Min(32, raw.Length / 2))).CopyTo(raw.AsSpan((int)((uint)at % Math.Max(1, raw.Length / 2))));

        AssertStorable(MailReader.Read(raw));
        AssertStorable(MailReader.Read(noise));
    }

    private static readonly Lazy<IReadOnlyList<MadeMail>> Mails = new(() => [.. new MadeMailbox().Mails.Where(mail => mail.Raw.Length < 100_000)]);

    private static void Receive(MadeMailbox box, MadeMail made)
    {
        var mail = MailReader.Read(made.Raw);
        AssertStorable(mail);
        Assert.Equal(made.Author, mail.Nature.Author);
        Assert.Contains(made.Contains ?? "", mail.Text, StringComparison.Ordinal);
        made.Check?.Invoke(mail);

        var (decision, thread) = box.Store.Receive(mail, made.Account);
        Assert.IsType(made.Decision, decision);
        Assert.Equal(made.Flags ?? [], decision switch { JoinThread join => join.Flags, BeginThread begin => begin.Flags, _ => [] });
        if (made.Thread is { } name)
        {
            Assert.Equal(box.Threads.GetValueOrDefault(name, thread!.Value), thread);
            box.Threads[name] = thread.Value;
        }
    }

    private static void AssertStorable(InboundMail mail)
    {
        var all = string.Concat(mail.Text, mail.Html, mail.Subject, mail.ExternalId, mail.From?.Name,
            string.Concat(mail.Attachments.Select(file => file.FileName + file.OriginalFileName)));
        Assert.DoesNotContain('\0', all);
        Assert.Equal(all, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(all)));
        Assert.Equal(mail.Text.Length, mail.Folds.Sum(fold => fold.Length));
        Assert.All(mail.Attachments, file => Assert.DoesNotMatch(@"[/\\:\x00-\x1F\u202A-\u202E\u2066-\u2069]|^\.|^$", file.FileName));
    }
}
