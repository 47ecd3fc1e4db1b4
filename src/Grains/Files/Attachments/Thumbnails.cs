using Microsoft.Extensions.Options;
using SkiaSharp;

namespace ChargeCars.Files.Attachments;

/// <summary>
/// Makes thumbnails, one at a time on a host. A picture's header is read first: one that would take more memory than it may is not
/// unpacked, however small its file is.
/// </summary>
internal sealed class Thumbnails(IOptions<AttachmentOptions> options) : IDisposable
{
    // What a phone's photo has at most; a picture is held in memory while it is read.
    private const int LargestFile = 64 * 1024 * 1024;
    private readonly SemaphoreSlim _turn = new(1);

    public void Dispose() => _turn.Dispose();

    /// <summary>Whether pictures of a type can have one.</summary>
    public static bool CanBeMadeOf(string type) => type is "image/jpeg" or "image/png" or "image/gif" or "image/webp" or "image/bmp";

    /// <summary>A picture's size and its thumbnail, upright and as JPEG, without what a camera wrote beside it; null where it can't be read.</summary>
    public async Task<MadeThumbnail?> MakeAsync(Stream picture, int size, CancellationToken cancellation)
    {
        if (size > LargestFile)
        {
            return null;
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            var bytes = new byte[size];
            await picture.ReadExactlyAsync(bytes, cancellation);
            return Make(bytes, options.Value);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Of a picture in memory.</summary>
    internal static MadeThumbnail? Make(byte[] bytes, AttachmentOptions options)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.Info is not { Width: > 0, Height: > 0 } info)
        {
            return null;
        }

        var turned = codec.EncodedOrigin >= SKEncodedOrigin.LeftTop;
        var (width, height) = turned ? (info.Height, info.Width) : (info.Width, info.Height);
        // A JPEG can be unpacked at a fraction of its size; other formats know only the whole.
        var scale = Math.Min(1f, options.ThumbnailPixels / (float)Math.Max(info.Width, info.Height));
        var packed = codec.GetScaledDimensions(scale);
        if ((long)packed.Width * packed.Height > options.MostPixels)
        {
            return new(width, height, null);
        }

        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(new SKImageInfo(packed.Width, packed.Height, SKColorType.Rgba8888, SKAlphaType.Premul))
            || codec.GetPixels(bitmap.Info, bitmap.GetPixels()) is not (SKCodecResult.Success or SKCodecResult.IncompleteInput))
        {
            return null;
        }

        return new(width, height, Drawn(bitmap, codec.EncodedOrigin, width, height, options.ThumbnailPixels));
    }

    private static byte[]? Drawn(SKBitmap bitmap, SKEncodedOrigin origin, int width, int height, int longest)
    {
        var scale = Math.Min(1f, longest / (float)Math.Max(width, height));
        var (drawnWidth, drawnHeight) = (Math.Max(1, (int)MathF.Round(width * scale)), Math.Max(1, (int)MathF.Round(height * scale)));
        using var surface = SKSurface.Create(new SKImageInfo(drawnWidth, drawnHeight, SKColorType.Rgba8888, SKAlphaType.Premul));
        if (surface is null)
        {
            return null;
        }

        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        var turned = origin >= SKEncodedOrigin.LeftTop;
        canvas.Concat(Upright(origin, drawnWidth, drawnHeight));
        using var image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(
            image, turned ? new SKRect(0, 0, drawnHeight, drawnWidth) : new SKRect(0, 0, drawnWidth, drawnHeight),
            new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        canvas.Flush();
        using var shot = surface.Snapshot();
        using var encoded = shot.Encode(SKEncodedImageFormat.Jpeg, 80);
        return encoded?.ToArray();
    }

    /// <summary>The eight ways in which a camera can be held (EXIF orientation), onto a picture of the upright size.</summary>
    private static SKMatrix Upright(SKEncodedOrigin origin, float width, float height) => origin switch
    {
        SKEncodedOrigin.TopRight => new(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new(0, -1, width, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new(0, -1, width, -1, 0, height, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, height, 0, 0, 1),
        _ => SKMatrix.Identity,
    };
}

/// <summary>What was made of a picture.</summary>
/// <param name="Width">The picture's width in pixels, upright.</param>
/// <param name="Height">The picture's height in pixels, upright.</param>
/// <param name="Image">The thumbnail as JPEG; null where the picture is too large for one.</param>
internal sealed record MadeThumbnail(int Width, int Height, byte[]? Image);
