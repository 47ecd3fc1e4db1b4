using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChargeCars.Platform.FileStorage;

/// <summary>
/// Files in a folder. One is written aside, flushed to the disk and then renamed, so that a host that dies leaves at most a draft.
/// Only the host's user can read them.
/// </summary>
public sealed class FolderFileStore : IFileStore
{
    private const int BufferSize = 128 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string _root;
    private readonly string _drafts;

    /// <summary>In a folder, which is made where it is missing.</summary>
    public FolderFileStore(string folder)
    {
        _root = Path.GetFullPath(folder);
        _drafts = Path.Combine(_root, "drafts");
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string name, Stream content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        var (path, draft) = (PathOf(name), Path.Combine(_drafts, Path.GetRandomFileName()));
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using (var file = Guarded(() => Create(draft)))
            {
                int read;
                while ((read = await content.ReadAtLeastAsync(buffer.AsMemory(0, BufferSize), BufferSize, throwOnEndOfStream: false, cancellation)) > 0)
                {
                    var part = buffer.AsMemory(0, read);
                    await GuardedAsync(() => file.WriteAsync(part, cancellation));
                }

                Guarded(() => file.Flush(flushToDisk: true));
            }

            Guarded(() => Publish(draft, path));
        }
        catch
        {
            Discard(draft);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(string name, long from, long length, CancellationToken cancellation) => Task.FromResult<Stream?>(Guarded(() => Open(PathOf(name), from)));

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellation)
    {
        Guarded(() =>
        {
            if (File.Exists(PathOf(name)))
            {
                File.Delete(PathOf(name));
            }
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListAsync(string folder, DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var root = Path.Combine(_root, folder);
        if (!Directory.Exists(root))
        {
            yield break;
        }

        using var files = Guarded(() => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).GetEnumerator());
        while (Guarded(files.MoveNext))
        {
            cancellation.ThrowIfCancellationRequested();
            if (IsBefore(files.Current, before))
            {
                yield return Path.GetRelativePath(_root, files.Current).Replace(Path.DirectorySeparatorChar, '/');
            }
        }
    }

    /// <inheritdoc/>
    public Task<int> DiscardUnfinishedAsync(DateTimeOffset before, CancellationToken cancellation) => Task.FromResult(Guarded(() =>
    {
        var old = Directory.Exists(_drafts) ? Directory.GetFiles(_drafts).Where(file => IsBefore(file, before)).ToList() : [];
        old.ForEach(File.Delete);
        return old.Count;
    }));

    private static bool IsBefore(string path, DateTimeOffset before) => File.GetLastWriteTimeUtc(path) < before.UtcDateTime;

    private FileStream Create(string draft)
    {
        MakeFolder(_drafts);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new(draft, options);
    }

    private static FileStream? Open(string path, long from)
    {
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0,
            });
            file.Position = from;
            return file;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void Publish(string draft, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        MakeFolder(folder);
        File.Move(draft, path, overwrite: false);
        // The file's bytes are on the disk; its name is once its folder is.
        Flushing.Folder(folder);
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }
    }

    private static void Discard(string draft)
    {
        try
        {
            File.Delete(draft);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The sweep takes it.
        }
    }

    /// <summary>Names are the program's own; one that leads out of the folder is a fault of ours.</summary>
    private string PathOf(string name)
    {
        var path = Path.GetFullPath(Path.Combine(_root, name));
        return path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"'{name}' leads out of the file store.", nameof(name));
    }

    private static void Guarded(Action work) => Guarded(() =>
    {
        work();
        return true;
    });

    private static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(fault);
        }
    }

    private static async ValueTask GuardedAsync(Func<ValueTask> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(fault);
        }
    }

    private static StorageUnavailableException Unavailable(Exception fault) => new($"The folder of files does not serve: {fault.Message}", fault);

    /// <summary>What .NET has no call for: flushing a folder, so that the name of a new file outlives a loss of power.</summary>
    private static class Flushing
    {
        private const int ReadOnly = 0;

        public static void Folder(string path)
        {
            if (OperatingSystem.IsWindows())
            {
                return;
            }

            var descriptor = Open(path, ReadOnly);
            if (descriptor < 0)
            {
                throw new IOException($"{path} can't be opened (errno {Marshal.GetLastPInvokeError()}).");
            }

            try
            {
                if (Sync(descriptor) != 0)
                {
                    throw new IOException($"{path} can't be flushed (errno {Marshal.GetLastPInvokeError()}).");
                }
            }
            finally
            {
                _ = Close(descriptor);
            }
        }

        [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Sync(int descriptor);

        [DllImport("libc", EntryPoint = "close"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Close(int descriptor);
    }
}
