namespace ChargeCars.Api.Identity;

/// <summary>Who the caller is: a person (<c>user</c>) or a program (<c>key</c>).</summary>
public sealed record CallerView(
    string Kind,
    Guid? Id,
    string Name,
    string? Email,
    Guid? ContactId,
    string? Role,
    IReadOnlyList<string> Permissions,
    IReadOnlyList<string>? BusinessEntities,
    Guid? PartnerOrganizationId)
{
    internal static CallerView Of(Caller caller, SignedInUser? user) => new(
        WireText.Of(caller.Actor.Kind),
        caller.Actor.Id,
        user is null ? caller.Actor.Name : $"{user.FirstName} {user.LastName}",
        user?.Email,
        user?.ContactId,
        user?.Role,
        [.. caller.Permissions.Order(StringComparer.Ordinal)],
        caller.BusinessEntities?.Select(WireText.Of).Order(StringComparer.Ordinal).ToArray(),
        caller.PartnerOrganizationId);
}
