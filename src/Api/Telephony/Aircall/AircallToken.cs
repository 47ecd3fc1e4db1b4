namespace ChargeCars.Api.Telephony.Aircall;

/// <summary>A token by which Aircall proves itself, without its hash. A row of <c>aircall_token</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it; the feed's name in the audit.</param>
/// <param name="BusinessEntity">Whose Aircall account sends it; null where all share one.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="Version">Always 1: a token is replaced, not changed.</param>
public sealed record AircallToken(Guid Id, string Name, BusinessEntity? BusinessEntity, DateTimeOffset CreatedAt, long Version) : IEntityState;

/// <summary>The body of <c>POST /api/telephony/aircall/tokens</c>.</summary>
/// <param name="Name">What people call it, 1 to 100 characters.</param>
/// <param name="BusinessEntity">Whose Aircall account sends it.</param>
/// <param name="Token">The token that Aircall shows of a webhook, 16 to 200 characters; a random one where it is left out.</param>
public sealed record NewAircallToken(string? Name, BusinessEntity? BusinessEntity = null, string? Token = null);

/// <summary>A token that was made; the token itself is shown here and never again.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">The token.</param>
public sealed record MadeAircallToken(Guid Id, string Token);

/// <summary>Every token; all on one page.</summary>
public sealed record AircallTokenList(IReadOnlyList<AircallToken> Items, string? NextCursor);
