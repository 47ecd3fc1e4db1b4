using ChargeCars.Files.Attachments;
using ChargeCars.Orders.Visits;
using SkiaSharp;

namespace ChargeCars.Silo.Demo;

/// <summary>What a crew of the demo answers to the checklist of an installation, with a picture for the items that want one.</summary>
internal sealed class DemoSignOff(AttachmentReception reception, AttachmentFiles files, ChecklistTemplate template)
{
    private const string Instrument = "Metrel MI 3155, 22140381";

    // A cupboard with its groups: nobody is to take it for a real one.
    private static readonly byte[] Picture = Draw();

    /// <summary>A visit's own copy of the checklist; null for visits that have none.</summary>
    public Checklist? ListFor(VisitType type) => type is VisitType.Install or VisitType.Rework ? ChecklistRules.Freeze(template) : null;

    /// <summary>Sends the picture and answers every item that must be answered; null where the picture is not taken.</summary>
    public async Task<IReadOnlyDictionary<string, ChecklistAnswer?>?> AnswerAsync(Guid visit, DemoRequest request)
    {
        var occasion = $"photo/{request.Key}";
        var photo = DemoCommands.IdOf(occasion);
        using var content = new MemoryStream(Picture);
        var stored = await files.KeepAsync(content, CancellationToken.None);
        var sent = await reception.AddAsync(photo, new(AttachmentOwner.Visit, visit, "meter-cupboard.png", null, false), stored, DemoCommands.Context(occasion));
        return sent.Succeeded ? template.Items.Where(item => item.Required).ToDictionary(item => item.Code, item => Answer(item, photo, request)) : null;
    }

    private static ChecklistAnswer? Answer(ChecklistItem item, Guid photo, DemoRequest request) => new()
    {
        Value = item.Type switch
        {
            ChecklistItemType.Boolean => ChecklistValue.Of(item.Expected ?? true),
            ChecklistItemType.Number => ChecklistValue.Of(Within(item)),
            ChecklistItemType.Choice => ChecklistValue.Of(item.Accepted.Count > 0 ? item.Accepted[0] : item.Choices[0]),
            ChecklistItemType.Text => ChecklistValue.Of(Words(item.Code, request)),
            _ => null,
        },
        PhotoIds = item.PhotoRequired ? [photo] : [],
        Instrument = item.InstrumentRequired ? Instrument : null,
    };

    // Well within its bounds, whatever they are set to.
    private static decimal Within(ChecklistItem item) => (item.Minimum, item.Maximum) switch
    {
        ({ } least, { } most) => decimal.Round((least + most) / 2, 2),
        ({ } least, null) => least + 100,
        (null, { } most) => decimal.Round(most / 3, 2),
        _ => 1,
    };

    private static string Words(string code, DemoRequest request) => code switch
    {
        "brand" => "Zaptec",
        "model" => "Go 2",
        "serial_number" => request.SerialNumber,
        "fuse" => "B16",
        "cable" => "YMvK 5G6, 8 m",
        _ => "None",
    };

    private static byte[] Draw()
    {
        using var bitmap = new SKBitmap(480, 360);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(new(0xEC, 0xE8, 0xE1));
        using var paint = new SKPaint { Color = new(0xFA, 0xFA, 0xFA) };
        canvas.DrawRect(60, 40, 360, 280, paint);
        for (var group = 0; group < 8; group++)
        {
            paint.Color = group == 7 ? new(0x2E, 0x7D, 0x5B) : new SKColor(0x55, 0x5B, 0x66);
            canvas.DrawRect(80 + (group % 4 * 84), 70 + (group / 4 * 120), 64, 96, paint);
            paint.Color = new(0xFA, 0xFA, 0xFA);
            canvas.DrawRect(102 + (group % 4 * 84), 90 + (group / 4 * 120), 20, 36, paint);
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
