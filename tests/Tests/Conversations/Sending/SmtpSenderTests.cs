using System.Buffers;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Sending;
using ChargeCars.Platform.Secrets;
using ChargeCars.Testing;
using ChargeCars.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MimeKit;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Protocol;

namespace ChargeCars.Tests.Conversations.Sending;

public sealed class SmtpSenderTests
{
    [Theory]
    [InlineData(SmtpFault.AtGreeting, DeliveryFate.Again)]
    [InlineData(SmtpFault.AtRecipient, DeliveryFate.Again)]
    [InlineData(SmtpFault.RecipientRefused, DeliveryFate.Final)]
    [InlineData(SmtpFault.ContentRefusedForNow, DeliveryFate.Again)]
    [InlineData(SmtpFault.ContentRefused, DeliveryFate.Final)]
    [InlineData(SmtpFault.PasswordRefused, DeliveryFate.ChannelBroken)]
    public async Task Send_WhatTheServerDidNotTake_IsRefused(SmtpFault fault, DeliveryFate fate)
    {
        await using var server = new StandInSmtp(fault);

        var result = await Sender(server.Port).SendAsync(Outgoing(), CancellationToken.None);

        Assert.Equal(fate, Assert.IsType<Refused>(result).Fate);
    }

    [Fact]
    public async Task Send_ToNobody_IsRefusedForNow() =>
        Assert.Equal(DeliveryFate.Again, Assert.IsType<Refused>(await Sender(HostProcess.FreePort()).SendAsync(Outgoing(), CancellationToken.None)).Fate);

    /// <summary>A fault is what the dispatcher takes for an unknown outcome: the server had it all.</summary>
    [Fact]
    public async Task Send_WhoseAnswerIsLost_IsAFault()
    {
        await using var server = new StandInSmtp(SmtpFault.AfterContent);

        await Assert.ThrowsAnyAsync<Exception>(() => Sender(server.Port).SendAsync(Outgoing(), CancellationToken.None));

        Assert.Single(server.Read);
    }

    [Fact]
    public async Task Send_WhatTheServerTook_HasItsIdAndOurHeaders()
    {
        await using var server = new StandInSmtp(SmtpFault.None);

        var result = await Sender(server.Port).SendAsync(Outgoing(), CancellationToken.None);

        Assert.Equal(new Taken("4ZABCDEF"), result);
        using var content = new MemoryStream(System.Text.Encoding.Latin1.GetBytes(Assert.Single(server.Read)));
        var mail = await MimeMessage.LoadAsync(content);
        Assert.Equal(("ours@chargecars.example", "theirs@example.nl"), (mail.MessageId, mail.InReplyTo));
        Assert.Equal(["first@example.nl", "theirs@example.nl", "ours@chargecars.example"], mail.References);
        Assert.Equal("klant@example.nl", Assert.Single(mail.To.Mailboxes).Address);
        Assert.Empty(mail.Bcc);
        Assert.Equal("Wij komen om 10:00 — tot dan.", mail.TextBody!.TrimEnd());
    }

    /// <summary>A bounce comes to an address that names the message, whatever of it the bounce returns.</summary>
    [Theory]
    [InlineData("desk@chargecars.example", MessageNature.Person, SmtpFault.None, "token")]
    [InlineData("desk@chargecars.example", MessageNature.Person, SmtpFault.SenderRefused, "token desk@chargecars.example")]
    [InlineData("a-service-desk@chargecars.example", MessageNature.Person, SmtpFault.None, "a-service-desk@chargecars.example")]
    [InlineData("desk@chargecars.example", MessageNature.Automatic, SmtpFault.None, "")]
    public async Task Send_HasAnEnvelopeSenderThatNamesTheMail_WhereItMay(string address, MessageNature nature, SmtpFault fault, string senders)
    {
        await using var server = new StandInSmtp(fault);
        var outgoing = Outgoing() with { From = new(Guid.NewGuid(), ChannelType.Email, "Service desk", address, BusinessEntity.Chargecars) };
        outgoing = outgoing with { Message = outgoing.Message with { Nature = nature } };

        Assert.IsType<Taken>(await Sender(server.Port).SendAsync(outgoing, CancellationToken.None));

        Assert.Single(server.Read);
        var named = server.Senders.Select(sender => ReplyAddress.Messages([sender], Key.Bytes) is [var message] && message == outgoing.Message.Id ? "token" : sender);
        Assert.Equal(senders, string.Join(' ', named));
        Assert.All(server.Senders, sender => Assert.True(sender.LastIndexOf('@') <= 64));
    }

    /// <summary>The whole host with a real server: the reply to a customer arrives there, once.</summary>
    [Fact]
    public async Task Reply_OfAHostWithAMailServer_ArrivesThere()
    {
        var (port, kept) = (HostProcess.FreePort(), new KeptMail());
        var components = new SmtpServer.ComponentModel.ServiceProvider();
        components.Add(kept);
        var server = new SmtpServer.SmtpServer(new SmtpServerOptionsBuilder().ServerName("stand-in").Port(port).Build(), components);
        var serving = server.StartAsync(CancellationToken.None);
        var host = new RunningHost
        {
            Configuration = ["--ChargeCars:Messages:Sender=providers", "--ChargeCars:Messages:SmtpHost=127.0.0.1", $"--ChargeCars:Messages:SmtpPort={port}", "--ChargeCars:Messages:SmtpSecurity=none"],
        };
        await host.InitializeAsync();
        try
        {
            var (box, customer) = (await Threads.Mailbox.OpenAsync(host), Threads.Mailbox.Customer());
            var (_, thread, _) = await box.ReceiveAsync(box.Mail(customer, Threads.Mailbox.NewId(), "Storing", "Hij doet het niet."));
            var answer = await box.WriteAsync(thread, new { bodyText = "Wij kijken mee.", basedOn = 1 });
            var message = answer.GetProperty("id").GetGuid();
            await box.LapseAsync(message);

            await box.UntilAsync(message, "sent");

            var mail = Assert.Single(kept.Mails);
            Assert.Equal((customer, "Wij kijken mee."), (Assert.Single(mail.To.Mailboxes).Address, mail.TextBody!.TrimEnd()));
        }
        finally
        {
            await host.DisposeAsync();
            server.Shutdown();
            await serving.WaitAsync(Patience.Limit);
        }
    }

    private static SmtpSender Sender(int port) => new(
        Options.Create(new SendingOptions
        {
            SmtpHost = "127.0.0.1", SmtpPort = port, SmtpSecurity = "none", SmtpUserName = "desk", SmtpPassword = "secret", SendTimeout = TimeSpan.FromSeconds(20),
        }),
        Key, TimeProvider.System);

    private static ReplyKey Key { get; } = new(MasterKey.Load(
        new ConfigurationBuilder().AddInMemoryCollection([new(MasterKey.Key, Convert.ToBase64String(new byte[32]))]).Build(), "", isFirstStart: false));

    private static OutgoingMessage Outgoing() => new(
        new()
        {
            Id = Guid.NewGuid(), ThreadId = Guid.NewGuid(), ExternalMessageId = "ours@chargecars.example", Subject = "Afspraak", BodyText = "Wij komen om 10:00 — tot dan.",
            RecipientEmails = ["klant@example.nl"], BccEmails = ["archief@chargecars.example"],
        },
        new(Guid.NewGuid(), ChannelType.Email, "Service desk", "desk@chargecars.example", BusinessEntity.Chargecars),
        ["first@example.nl", "theirs@example.nl"], "theirs@example.nl");

    private sealed class KeptMail : SmtpServer.Storage.MessageStore
    {
        public List<MimeMessage> Mails { get; } = [];

        public override Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var content = new MemoryStream(buffer.ToArray());
            Mails.Add(MimeMessage.Load(content, cancellationToken));
            return Task.FromResult(SmtpResponse.Ok);
        }
    }
}
