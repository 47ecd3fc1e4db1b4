using ChargeCars.Platform.DueCommands;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Files.Attachments;

/// <summary>Registration of what attachments need.</summary>
public static class AttachmentServices
{
    /// <summary>Adds what takes files in, on every host. Needs the file store and the grains.</summary>
    public static IServiceCollection AddAttachmentReception(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<AttachmentOptions>, AttachmentOptions.Validator>();
        services.AddOptions<AttachmentOptions>().BindConfiguration(AttachmentOptions.Section).ValidateOnStart();
        services.AddSingleton<AttachmentFiles>();
        services.AddSingleton<AttachmentUploads>();
        services.AddSingleton<OwnerScopes>();
        return services.AddSingleton<AttachmentReception>();
    }

    /// <summary>Adds what follows from attachments and keeps the store tidy, on hosts with a silo. Needs what carries out due commands.</summary>
    public static IServiceCollection AddAttachmentKeeping(this IServiceCollection services)
    {
        services.AddSingleton<Thumbnails>();
        services.AddSingleton<AttachmentUse>();
        services.AddDueCommandHandler<MakeThumbnail, ThumbnailMaker>();
        services.AddDueCommandHandler<EraseFiles, FileEraser>();
        services.AddSingleton<AttachmentSweep>();
        return services.AddHostedService(provider => provider.GetRequiredService<AttachmentSweep>());
    }
}
