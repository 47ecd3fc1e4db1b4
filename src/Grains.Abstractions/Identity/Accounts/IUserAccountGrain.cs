namespace ChargeCars.Identity.Accounts;

/// <summary>How a login, or its second step, ended.</summary>
public enum LoginOutcome
{
    /// <summary>Unknown, wrong, closed or locked: who asks is not told which.</summary>
    Refused,

    /// <summary>Let in.</summary>
    SignedIn,

    /// <summary>The password is right, and a code is asked for.</summary>
    SecondFactorNeeded,

    /// <summary>Too many others log in at this moment; nothing was evaluated.</summary>
    Busy,

    /// <summary>The password was changed since the first step; nothing was evaluated.</summary>
    Superseded,
}

/// <summary>How a login ended, and for which password.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="PasswordMark">Of the password that was right: what follows from it is void once the account has another. Empty where none was.</param>
[GenerateSerializer, Immutable, Alias("login-result")]
public sealed record LoginResult([property: Id(0)] LoginOutcome Outcome, [property: Id(1)] string PasswordMark = "");

/// <summary>What an authenticator app is set up with.</summary>
/// <param name="Secret">The key, base32, for typing it in.</param>
/// <param name="Uri">The same as an <c>otpauth:</c> address, for a QR code.</param>
[GenerateSerializer, Immutable, Alias("two-factor-setup")]
public sealed record TwoFactorSetup([property: Id(0)] Hidden Secret, [property: Id(1)] Hidden Uri);

/// <summary>
/// One account: the only writer of its attempts, its lockout and its one-time codes. Key: the account's id. Calls do not
/// interleave, so that of any number of guesses at once each is counted before the next is looked at.
/// </summary>
/// <remarks>An id that no account has answers as a wrong password does, after the same work.</remarks>
[Alias("ChargeCars.IUserAccountGrain")]
public interface IUserAccountGrain : IGrainWithGuidKey
{
    /// <summary>The account; <see cref="NotFound"/> where there is none.</summary>
    [Alias("get")]
    Task<Result<AccountView>> GetAsync();

    /// <summary>Makes it, without a password: a reset sets the first.</summary>
    [Alias("create")]
    Task<Result<AccountView>> CreateAsync(Guid contactId, AccountDetails details, CommandContext context);

    /// <summary>Replaces what an administrator may set.</summary>
    [Alias("revise")]
    Task<Result<AccountView>> ReviseAsync(AccountDetails details, CommandContext context);

    /// <summary>Evaluates a password, unless too many were wrong of late.</summary>
    /// <param name="password">As typed.</param>
    /// <param name="knownAddress">Whether the account has logged in from the request's address of late: strangers' failures do not bar it.</param>
    /// <param name="context">Who asks, and from where.</param>
    [Alias("login")]
    Task<LoginResult> LoginAsync(Hidden password, bool knownAddress, CommandContext context);

    /// <summary>Evaluates a code of the authenticator, or a recovery code; each counts once.</summary>
    /// <param name="code">As typed.</param>
    /// <param name="passwordMark">Which password the first step was taken with.</param>
    /// <param name="knownAddress">As for <see cref="LoginAsync"/>.</param>
    /// <param name="context">Who asks, and from where.</param>
    [Alias("second-factor")]
    Task<LoginOutcome> SecondFactorAsync(Hidden code, string passwordMark, bool knownAddress, CommandContext context);

    /// <summary>Makes a new token for a password reset or, with <paramref name="verification"/>, for verifying the address; any former one counts no more.</summary>
    /// <returns>
    /// The token; only its hash is kept. A <see cref="Conflict"/> where the account itself asks again within a quarter of an
    /// hour: the link that it was sent still counts, whoever asks for others.
    /// </returns>
    [Alias("make-token")]
    Task<Result<Hidden>> MakeTokenAsync(bool verification, CommandContext context);

    /// <summary>Sets the password by a reset token, which counts once. Opens a lockout. The token proves the address too.</summary>
    [Alias("reset-password")]
    Task<Result<AccountView>> ResetPasswordAsync(Hidden token, Hidden password, CommandContext context);

    /// <summary>Sets the password by the one before it.</summary>
    /// <param name="current">The password until now.</param>
    /// <param name="password">The next one.</param>
    /// <param name="sessionAddress">
    /// The address of the session that asks; null where the session has none. Wrong passwords count against this address, and only
    /// its own failures bar it: then the answer is <see cref="TooManyAttempts"/>.
    /// </param>
    /// <param name="context">Who asks, and from where.</param>
    [Alias("change-password")]
    Task<Result<AccountView>> ChangePasswordAsync(Hidden current, Hidden password, string? sessionAddress, CommandContext context);

    /// <summary>Takes a verification token, which counts once.</summary>
    [Alias("verify-email")]
    Task<Result<AccountView>> VerifyEmailAsync(Hidden token, CommandContext context);

    /// <summary>A new authenticator key; nothing asks for it until it is enabled.</summary>
    [Alias("setup-two-factor")]
    Task<Result<TwoFactorSetup>> SetUpTwoFactorAsync(string accountName, CommandContext context);

    /// <summary>Asks for codes from now on, once one has shown that the app has the key. Takes the password too: a session that somebody else found open is not enough.</summary>
    /// <param name="password">The password.</param>
    /// <param name="code">The authenticator's.</param>
    /// <param name="sessionAddress">As for <see cref="ChangePasswordAsync"/>.</param>
    /// <param name="context">Who asks, and from where.</param>
    /// <returns>The recovery codes, shown once.</returns>
    [Alias("enable-two-factor")]
    Task<Result<Hidden[]>> EnableTwoFactorAsync(Hidden password, Hidden code, string? sessionAddress, CommandContext context);

    /// <summary>Asks for codes no more; takes both factors.</summary>
    /// <param name="password">The password.</param>
    /// <param name="code">The authenticator's, or a recovery code.</param>
    /// <param name="sessionAddress">As for <see cref="ChangePasswordAsync"/>.</param>
    /// <param name="context">Who asks, and from where.</param>
    [Alias("disable-two-factor")]
    Task<Result<AccountView>> DisableTwoFactorAsync(Hidden password, Hidden code, string? sessionAddress, CommandContext context);
}
