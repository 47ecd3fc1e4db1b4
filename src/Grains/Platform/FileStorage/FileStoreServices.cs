using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Platform.FileStorage;

/// <summary>Registration of the file store.</summary>
public static class FileStoreServices
{
    /// <summary>Adds the <see cref="IFileStore"/> that is configured.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="dataDirectory">Where the folder is unless one is configured.</param>
    public static IServiceCollection AddFileStore(this IServiceCollection services, string dataDirectory)
    {
        services.AddSingleton<IValidateOptions<FileStoreOptions>, FileStoreOptions.Validator>();
        services.AddOptions<FileStoreOptions>().BindConfiguration(FileStoreOptions.Section).ValidateOnStart();
        return services.AddSingleton<IFileStore>(provider => provider.GetRequiredService<IOptions<FileStoreOptions>>().Value switch
        {
            { Store: "s3" } options => new S3FileStore(options.S3),
            var options => new FolderFileStore(options.Folder is { Length: > 0 } folder ? folder : Path.Combine(dataDirectory, "files")),
        });
    }
}
