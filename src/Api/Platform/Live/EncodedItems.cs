using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// The items of a JSON array, encoded once for all who are answered with them. In pages: as one array a fleet's were a large
/// object, and an item is garbage as soon as it is encoded.
/// </summary>
internal sealed class EncodedItems
{
    private const int PageSize = 32 * 1024;

    /// <summary>What an item needs as a rule; a larger one makes its page grow.</summary>
    private const int Room = 4 * 1024;

    private readonly List<ArrayBufferWriter<byte>> _pages = [];

    /// <summary>As the hub's own writer.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Bytes of JSON.</summary>
    public long Length { get; private set; }

    /// <param name="writer">With <see cref="WriterOptions"/>; made once for many items.</param>
    /// <param name="item">What is added.</param>
    /// <param name="options">The hub's.</param>
    public void Add<T>(Utf8JsonWriter writer, T item, JsonSerializerOptions options)
    {
        if (_pages is [] || _pages[^1].FreeCapacity < Room)
        {
            _pages.Add(new(PageSize));
        }
        else
        {
            _pages[^1].Write(","u8);
        }

        var page = _pages[^1];
        var before = page.WrittenCount;
        writer.Reset(page);
        JsonSerializer.Serialize(writer, item, options);
        writer.Flush();
        Length += page.WrittenCount - before;
    }

    /// <summary>The array, copied as it is: what is in a page is not checked again.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var page in _pages)
        {
            writer.WriteRawValue(page.WrittenSpan, skipInputValidation: true);
        }

        writer.WriteEndArray();
    }
}
