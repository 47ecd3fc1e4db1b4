using System.Security.Cryptography;
using ChargeCars.Identity.Accounts;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Api.Identity.Sessions;

/// <summary>A session and the refresh token that its owner now holds.</summary>
internal sealed record IssuedSession(Session Session, string RefreshToken);

/// <summary>Opens, refreshes, lists and revokes sessions.</summary>
internal sealed class SessionStore(
    NpgsqlDataSource source, GroupCommit commits, AccessNews news, IOptions<SessionOptions> options, TimeProvider time)
{
    private const int SaltBytes = 32;

    private const string PresentedSql = $"""
        SELECT {Session.Columns}, s.token_hash, u.is_active AND r.is_active, f.salt, f.replaced_at, c.email, c.id
        FROM user_session s
        JOIN user_account u ON u.id = s.user_id JOIN contact c ON c.id = u.contact_id JOIN user_role r ON r.id = u.role_id
        LEFT JOIN former_refresh_token f ON f.session_id = s.id AND f.token_hash = $2
        WHERE s.id = $1
        """;

    private const string OpenSql = $"""
        SELECT {Session.Columns} FROM user_session s
        WHERE s.user_id = $1 AND NOT s.revoked AND s.expires_at > $2 AND ($3::uuid IS NULL OR s.id = $3)
        ORDER BY s.created_at DESC, s.id DESC
        """;

    private const string IsPasswordSql = $"SELECT {PasswordMark.Sql} = $2 FROM user_account u WHERE u.id = $1";

    private const string KeepFormer = """
        former AS (
            INSERT INTO former_refresh_token (token_hash, session_id, salt, replaced_at)
            SELECT ${0}, ${1}, ${2}, ${3} FROM changed)
        """;

    /// <summary>A new session of a person who has proved who they are.</summary>
    public async Task<IssuedSession> OpenAsync(Guid userId, CommandContext context)
    {
        var now = Now();
        var id = Guid.CreateVersion7(now);
        var (text, hash) = SecretText.RefreshToken.Create(id);
        var session = new Session(
            id, now, userId, context.IpAddress, context.UserAgent, now, now + options.Value.Lifetime, Revoked: false, RevokeReason: null, Version: 1);
        await CommitAsync(null, session, session.Insert(Convert.ToHexStringLower(hash)), "Login", context, [], secret: "token_hash");
        return new(session, text);
    }

    /// <summary>Whether the account still has the password of that mark.</summary>
    public async Task<bool> IsPasswordAsync(Guid userId, string passwordMark)
    {
        await using var command = source.CreateCommand(IsPasswordSql);
        command.Parameters.Add(Sql.Uuid(userId));
        command.Parameters.Add(Sql.Text(passwordMark));
        return await command.ExecuteScalarAsync() is true;
    }

    /// <summary>The session with its next refresh token; null where the token is not taken.</summary>
    public async Task<IssuedSession?> RefreshAsync(string text, string? ipAddress, string? userAgent, CancellationToken cancellation)
    {
        if (!SecretText.RefreshToken.TryRead(text, out var id, out var secret))
        {
            return null;
        }

        var hash = RefreshDecider.HashOf(secret);
        // A rotation elsewhere at the same moment moves the version; the second look then finds this token replaced.
        while (await FindAsync(id, hash, cancellation) is var (token, actor))
        {
            var (session, now) = (token.Session, Now());
            var context = new CommandContext(Guid.CreateVersion7(now), actor, IpAddress: ipAddress, UserAgent: userAgent);
            switch (RefreshDecider.Decide(token, secret, options.Value, now))
            {
                case RefreshDecision.Rotate:
                    var rotated = session with { IpAddress = ipAddress, UserAgent = userAgent, LastActivity = now, Version = session.Version + 1 };
                    var salt = RandomNumberGenerator.GetBytes(SaltBytes);
                    var next = RefreshDecider.Successor(secret, salt);
                    if (await RotateAsync(session, rotated, hash, salt, RefreshDecider.HashOf(next), context))
                    {
                        return new(rotated, SecretText.RefreshToken.Write(id, next));
                    }

                    break;
                case RefreshDecision.Repeat:
                    return new(session, SecretText.RefreshToken.Write(id, RefreshDecider.Successor(secret, token.Salt)));
                case RefreshDecision.Replayed:
                    await RevokeAsync(session.UserId, id, "A refresh token was used again", context, CancellationToken.None);
                    return null;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>A person's sessions that go on, the newest first.</summary>
    public async Task<List<Session>> ListAsync(Guid userId, Guid? only, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(OpenSql);
        command.Parameters.Add(Sql.Uuid(userId));
        command.Parameters.Add(Sql.Time(time.GetUtcNow()));
        command.Parameters.Add(Sql.Uuid(only));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var sessions = new List<Session>();
        while (await row.ReadAsync(cancellation))
        {
            sessions.Add(Session.Read(row));
        }

        return sessions;
    }

    /// <summary>False where the person has no such session. Effective on every node when it returns.</summary>
    public async Task<bool> RevokeAsync(Guid userId, Guid id, string reason, CommandContext context, CancellationToken cancellation)
    {
        var found = false;
        while (await ListAsync(userId, id, cancellation) is [var session])
        {
            found = true;
            if (await RevokeAsync(session, reason, context))
            {
                break;
            }
        }

        await news.TellAsync(AccessKind.Session, id);
        return found;
    }

    /// <summary>Ends all of a person's sessions, or all but one; all of them or none. Effective on every node when it returns.</summary>
    public async Task RevokeAllAsync(Guid userId, Guid? except, string reason, CommandContext context, CancellationToken cancellation)
    {
        List<Session> sessions = [.. (await ListAsync(userId, null, cancellation)).Where(session => session.Id != except)];
        if (sessions.Count == 0)
        {
            return;
        }

        var now = Now();
        // A command of its own, beside the one that it follows from.
        await commits.CommitAsync(SessionRevocation.Of(userId, sessions, reason, context with { CommandId = Guid.CreateVersion7(now) }, now));
        await news.TellAsync([.. sessions.Select(session => new AccessChange(AccessKind.Session, session.Id))]);
    }

    private async Task<bool> RevokeAsync(Session session, string reason, CommandContext context)
    {
        var revoked = session with { Revoked = true, RevokeReason = reason, Version = session.Version + 1 };
        return await CommitAsync(
            session, revoked, revoked.Revoke(session.Version), reason, context, [SessionRevocation.Change(session, context, Now())]);
    }

    private Task<bool> RotateAsync(Session before, Session after, string formerHash, byte[] salt, string newHash, CommandContext context)
    {
        var row = after.Rotate(before.Version, newHash);
        var also = new AlsoWritten(KeepFormer, [Sql.Text(formerHash), Sql.Uuid(after.Id), Sql.Bytes(salt), Sql.Time(after.LastActivity)]);
        return CommitAsync(before, after, row, "Refresh", context, [], also, "token_hash");
    }

    private Task<bool> CommitAsync(
        Session? before, Session after, NpgsqlBatchCommand row, string summary, CommandContext context, IReadOnlyList<NewChange> changes,
        AlsoWritten? also = null, params ReadOnlySpan<string> secret)
    {
        var audit = AuditEntry.Between(Session.Table, before, after, statusChanged: false, summary, context, Now(), secret);
        return commits.CommitAsync(new StatementCommit<bool>(
            after.Id, context.CommandId, audit.Around(row, context, also), static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            Changes = changes,
        });
    }

    private async Task<(PresentedToken Token, Actor Actor)?> FindAsync(Guid id, string hash, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(PresentedSql);
        command.Parameters.Add(Sql.Uuid(id));
        command.Parameters.Add(Sql.Text(hash));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
        {
            return null;
        }

        const int Next = Session.ColumnCount;
        var session = Session.Read(row);
        return (
            new(session, row.GetBoolean(Next + 1), row.GetString(Next), row.Optional<byte[]>(Next + 2), row.OptionalValue<DateTimeOffset>(Next + 3)),
            new(ActorKind.User, session.UserId, row.GetString(Next + 4), row.GetGuid(Next + 5)));
    }

    private DateTimeOffset Now() => time.StoredNow();
}
