using ChargeCars.Platform.Reading;
using ChargeCars.Conversations.Mail;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Conversations.Mail;

/// <summary>Ids, subjects, quotes and names.</summary>
public sealed class MailTextTests
{
    [Theory]
    [InlineData("<a@b>", "a@b")]
    [InlineData("a@b", "a@b")]
    [InlineData("  < a @ b >  ", "a@b")]
    [InlineData("<a\r\n @b>", "a@b")]
    [InlineData("=?utf-8?q?=3Ca=40b=3E?=", "a@b")]
    [InlineData("<a@b", "a@b")]
    [InlineData("<>", null)]
    [InlineData("   ", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Normalize_EveryWriting_IsOneForm(string? header, string? id) => Assert.Equal(id, MailIds.Normalize(header));

    [Fact]
    public void List_OfManyWritings_HasEachOnceInOrder() => Assert.Equal(
        ["a@x", "b@x", "c@x"], MailIds.List("<a@x> <b@x>\r\n\t<a@x><c@x> (comment)"));

    [Fact]
    public void OfContent_OfCopies_IsTheSame_AndOfOthersIsNot()
    {
        var at = new DateTimeOffset(2026, 11, 30, 10, 0, 0, TimeSpan.FromHours(1));
        var id = MailIds.OfContent("Jan@x", ["b@x", "A@x"], at, "Hoi  daar", "Een\r\ntwee ");

        Assert.Equal(id, MailIds.OfContent("jan@x", ["a@x", "b@x"], at.ToUniversalTime(), "Hoi daar", "Een twee"));
        Assert.NotEqual(id, MailIds.OfContent("jan@x", ["a@x", "b@x"], at, "Hoi daar", "Een drie"));
        Assert.NotEqual(id, MailIds.OfContent("jan@x", ["a@x", "b@x"], at.AddSeconds(1), "Hoi daar", "Een twee"));
    }

    [Theory]
    [InlineData("Re: Fwd: RE[2]: Laadpaal", "Laadpaal")]
    [InlineData("Antw: Betr: Laadpaal", "Laadpaal")]
    [InlineData("FW:Laadpaal", "Laadpaal")]
    [InlineData("Reactie: Laadpaal", "Reactie: Laadpaal")]
    [InlineData("  Laad   paal ", "Laad paal")]
    [InlineData(null, "")]
    public void Base_LosesPrefixesOnly(string? subject, string expected) => Assert.Equal(expected, MailSubject.Base(subject));

    [Fact]
    public void Numbers_AreFoundAsSuggestions() =>
        Assert.Equal(["CC-ORD-2026-00042", "LTH-QUO-2026-123456"], MailSubject.Numbers("Over cc-ord-2026-00042 en LTH-QUO-2026-123456, niet CC-ORD-26-1"));

    [Theory]
    [InlineData("Hoi,\n\nMorgen graag.\n\nMet vriendelijke groet,\nJan Jansen\nJansen BV\n06 12345678",
        "Met vriendelijke groet,\nJan Jansen\nJansen BV\n06 12345678")]
    [InlineData("Morgen.\n-- \nJan\n+31 6 12345678", "-- \nJan\n+31 6 12345678")]
    [InlineData("Prima\n\nVerstuurd vanaf mijn iPhone", "Verstuurd vanaf mijn iPhone")]
    [InlineData("Prima\nGroetjes Jan\n\nVerstuurd vanaf mijn iPhone\n\nOp 30 nov 2026 om 09:00 schreef info <info@x.nl>:\n> Ja",
        "Groetjes Jan\n\nVerstuurd vanaf mijn iPhone\n\n")]
    public void Fold_ASignature_IsFolded(string text, string signature) => Assert.Equal(
        signature.Trim(), string.Concat(QuoteFolding.Fold(text).Where(fold => fold.Kind == TextFoldKind.Signature).Select(fold =>
            text.Substring(fold.Start, fold.Length))).Trim());

    [Theory]
    [InlineData("Met vriendelijke groet,\nJan\n\nPS: kan het ook dinsdag?")]
    [InlineData("> Alleen een citaat\n> en niets anders")]
    [InlineData("> Wanneer?\nMorgen.\n> Hoe laat?\nOm tien uur.\n> Waar?\nThuis.")]
    [InlineData("Op de vraag wie dat schreef weet ik het antwoord niet")]
    [InlineData("Van: de keuken naar de meterkast is vijf meter")]
    public void Fold_InDoubt_ShowsAll(string text) => Assert.All(QuoteFolding.Fold(text), fold => Assert.Equal(TextFoldKind.Text, fold.Kind));

    [Fact]
    public void Fold_AnAnswerBelowItsQuote_FoldsTheQuoteOnly()
    {
        const string Text = "On Mon, someone <a@b.nl> wrote:\n> Wanneer?\n> Graag snel.\n\nMorgen om tien uur.";

        Assert.Equal([TextFoldKind.Quote, TextFoldKind.Text], QuoteFolding.Fold(Text).Select(fold => fold.Kind));
    }

    [Property(MaxTest = 500)]
    public void Fold_AnyText_LosesNothing(string?[] lines, int seed)
    {
        string[] known = ["> citaat", "Op ma 1 jan schreef Jan <a@b>:", "On x", "a wrote:", "-- ", "Met vriendelijke groet,", "Van: a", "Aan: b",
            "Onderwerp: c", "", "-----Original Message-----", "PS: nog iets"];
        var random = new Random(seed);
        var text = string.Join('\n', lines.Select(line => random.Next(2) == 0 ? line : known[random.Next(known.Length)]));

        var folds = QuoteFolding.Fold(text);

        Assert.Equal(text, string.Concat(folds.Select(fold => text.Substring(fold.Start, fold.Length))));
    }

    [Theory]
    [InlineData("C:\\temp\\a.pdf", "a.pdf")]
    [InlineData("../../.bashrc", "bashrc")]
    [InlineData("con.txt", "_con.txt")]
    [InlineData("a\u202Efdp.exe", "afdp.exe")]
    [InlineData("a\u0000\r\nb.txt", "ab.txt")]
    [InlineData(" . ", "attachment-3.pdf")]
    [InlineData(null, "attachment-3.pdf")]
    [InlineData("vraag?.pdf ", "vraag_.pdf")]
    public void Clean_AName_IsSafe(string? name, string expected) => Assert.Equal(expected, FileNames.Clean(name, "application/pdf", 3));

    [Fact]
    public void Clean_ALongName_KeepsItsExtension() => Assert.Equal((150, true),
        FileNames.Clean(new string('é', 400) + ".pdf", "application/pdf", 1) is var name
        ? (name.Length, name.EndsWith(".pdf", StringComparison.Ordinal)) : default);

    [Property(MaxTest = 500)]
    public void Texts_OfAnything_NeverThrow(string? text, byte[] bytes)
    {
        Assert.NotEmpty(FileNames.Clean(text, text ?? "", 1));
        Assert.NotNull(MailIds.List(text));
        Assert.NotNull(MailSubject.Base(text));
        Assert.NotNull(MailSubject.Numbers(text));
        Assert.NotNull(MailText.Decode(bytes, text));
        Assert.NotNull(HtmlText.Of(text ?? ""));
        Assert.NotNull(HtmlText.ContentIds(text ?? ""));
        _ = (ForwardedMail.Sender(text ?? ""), Invitations.Describe(text ?? ""), ReplyAddress.Threads([text], [1]));
    }

    [Fact]
    public void Token_IsProven_AndOfItsKind()
    {
        var (id, key) = (Guid.NewGuid(), "key"u8.ToArray());
        var address = ReplyAddress.ForThread("info@chargecars.nl", id, key);

        Assert.Equal([id], ReplyAddress.Threads([address.ToUpperInvariant(), null, "x"], key));
        Assert.Empty(ReplyAddress.Messages([address], key));
        Assert.Empty(ReplyAddress.Threads([address], "other"u8.ToArray()));
        Assert.Empty(ReplyAddress.Threads([address.Replace(address[8..12], "0000", StringComparison.Ordinal)], key));
        Assert.Equal("info@chargecars.nl", ReplyAddress.Plain(address));
    }

    [Fact]
    public void Loops_OneAnswerADay_AndNoneToMachinesOrOurselves()
    {
        var now = new DateTimeOffset(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);
        MailNature person = new(MailAuthor.Person, true);

        Assert.True(MailLoops.MayAnswer(person, false, null, now));
        Assert.False(MailLoops.MayAnswer(person, false, now.AddHours(-23), now));
        Assert.True(MailLoops.MayAnswer(person, false, now.AddHours(-24), now));
        Assert.False(MailLoops.MayAnswer(person, true, null, now));
        Assert.False(MailLoops.MayAnswer(new(MailAuthor.List, false), false, null, now));
        Assert.Equal((false, true), (MailLoops.IsFlood(20), MailLoops.IsFlood(21)));
        Assert.Equal(MailAuthor.AutoReply, MailNature.Of(new(MailLoops.OwnHeaders)).Author);
    }
}
