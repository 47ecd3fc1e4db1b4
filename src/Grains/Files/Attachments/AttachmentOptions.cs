using Microsoft.Extensions.Options;

namespace ChargeCars.Files.Attachments;

/// <summary>Bounds of files; section <c>ChargeCars:Attachments</c>.</summary>
public sealed class AttachmentOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "ChargeCars:Attachments";

    /// <summary>How many bytes a file may have; default 500 MB. At most what the schema's column holds, 2,147,483,647.</summary>
    public long MostBytes { get; set; } = 500 * 1024 * 1024;

    /// <summary>
    /// How many bytes of a resumable upload are kept at a time; default 8 MB. What a host that dies had of such a part is sent again.
    /// </summary>
    public int PartBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How long a resumable upload may rest before it is forgotten; default 7 days.</summary>
    public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many resumable uploads one caller may have under way; default 100.</summary>
    public int MostUploads { get; set; } = 100;

    /// <summary>How far in the future a link may end; default 31 days.</summary>
    public TimeSpan LongestLink { get; set; } = TimeSpan.FromDays(31);

    /// <summary>How many pixels a picture may have for a thumbnail to be made of it; default 50 million, some 200 MB while it is made.</summary>
    public long MostPixels { get; set; } = 50_000_000;

    /// <summary>The longer side of a thumbnail in pixels; default 400.</summary>
    public int ThumbnailPixels { get; set; } = 400;

    /// <summary>How often a host looks for files that nothing belongs to; default an hour.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How old such a file must be, as its row may still be on its way; default a day.</summary>
    public TimeSpan SweepAfter { get; set; } = TimeSpan.FromDays(1);

    internal sealed class Validator : IValidateOptions<AttachmentOptions>
    {
        public ValidateOptionsResult Validate(string? name, AttachmentOptions options)
        {
            var faults = new (bool Broken, string Fault)[]
            {
                (options.MostBytes is < 1 or > int.MaxValue, $"{nameof(MostBytes)} must be 1 to {int.MaxValue}."),
                (options.PartBytes is < 64 * 1024 or > 64 * 1024 * 1024, $"{nameof(PartBytes)} must be 64 kB to 64 MB."),
                (options.UploadLifetime < TimeSpan.FromMinutes(1), $"{nameof(UploadLifetime)} must be at least a minute."),
                (options.MostUploads < 1, $"{nameof(MostUploads)} must be at least 1."),
                (options.LongestLink < TimeSpan.FromMinutes(1), $"{nameof(LongestLink)} must be at least a minute."),
                (options.MostPixels < 1, $"{nameof(MostPixels)} must be at least 1."),
                (options.ThumbnailPixels is < 16 or > 4096, $"{nameof(ThumbnailPixels)} must be 16 to 4096."),
                (options.SweepInterval < TimeSpan.FromSeconds(1), $"{nameof(SweepInterval)} must be at least a second."),
                (options.SweepAfter < TimeSpan.FromMinutes(1), $"{nameof(SweepAfter)} must be at least a minute."),
            }.Where(rule => rule.Broken).Select(rule => $"{Section}:{rule.Fault}").ToList();
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
