namespace ChargeCars.Testing;

/// <summary>The checkout that this was built in: for what reads the project's own files, or runs its commands.</summary>
public static class Repository
{
    /// <summary>Its folder. Throws <see cref="InvalidOperationException"/> where this was built to a place outside of one.</summary>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ChargeCars.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository.");
    }
}
