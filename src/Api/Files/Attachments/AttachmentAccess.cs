using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Files.Attachments;

/// <summary>Files, within <see cref="AttachmentScope"/>. They are made by sending them, not by their details.</summary>
internal sealed class AttachmentAccess : IEntityAccess<Attachment, AttachmentDetails>
{
    public static string Route => "/api/attachments";

    public static string Noun => "attachment";

    public static string Read => Permissions.AttachmentsRead;

    public static string Write => Permissions.AttachmentsWrite;

    public static bool IsMadeOfDetails => false;

    public static AttachmentDetails Example => new() { FileName = "meterkast.jpg" };

    public static ScopeCondition? Visible(Caller caller) => AttachmentScope.Visible(caller);

    public static Error? RefuseWriting(Caller caller, AttachmentDetails details, Attachment? before) =>
        before is null ? null : AttachmentScope.RefuseWriting(before.EntityType, caller);

    public static Type View => typeof(AttachmentView);

    public static object Seen(Attachment state, Caller caller, DateTimeOffset now) => AttachmentView.Of(state);

    public static void MapMore(RouteGroupBuilder group)
    {
        AttachmentEndpoints.Map(group);
        AttachmentContent.Map(group);
        UploadEndpoints.Map(group);
    }
}
