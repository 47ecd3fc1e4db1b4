using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.FileStorage;

namespace ChargeCars.Files.Attachments;

/// <summary>Takes files out of the store, whose row is gone.</summary>
/// <param name="Names">Their names in the store.</param>
[Alias("attachment.erase")]
internal sealed record EraseFiles(IReadOnlyList<string> Names);

/// <summary>Erases. What is gone already needs nothing; a store that does not serve is tried again.</summary>
internal sealed class FileEraser(IFileStore store) : IDueCommandHandler<EraseFiles>
{
    public async Task<Error?> CarryOutAsync(Guid targetId, EraseFiles command, CommandContext context, CancellationToken cancellation)
    {
        foreach (var name in command.Names)
        {
            await store.DeleteAsync(name, cancellation);
        }

        return null;
    }
}
