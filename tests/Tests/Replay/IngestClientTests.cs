using System.Net;
using ChargeCars.Silo.Replay;
using Xunit;

namespace ChargeCars.Tests.Replay;

public sealed class IngestClientTests : IDisposable
{
    private static readonly Credential.Login Login = new("admin@chargecars.local", "s3cret", ".data/first-admin.txt");

    private readonly StandInHost _host = new(new JumpingClock());
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("replay");

    public void Dispose()
    {
        _host.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Login_BeforeTheFirstRequest_IsSentAsBearer()
    {
        _host.Answer(HttpStatusCode.OK, new { accessToken = "token-1", refreshToken = "r" });

        await _host.Client(Login).SendPositionsAsync([], CancellationToken.None);

        Assert.Equal(["/api/auth/login", "/api/telemetry/positions"], _host.Requests.Select(request => request.Path));
        Assert.Equal("""{"email":"admin@chargecars.local","password":"s3cret"}""", _host.Requests[0].Body.GetRawText());
        Assert.Contains("Authorization: Bearer token-1", _host.Requests[1].Headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_WhenTheTokenExpires_IsDoneAgainAndTheRequestRepeated()
    {
        _host.Answer(HttpStatusCode.OK, new { accessToken = "token-1" })
            .Answer(HttpStatusCode.Unauthorized)
            .Answer(HttpStatusCode.OK, new { accessToken = "token-2" });

        await _host.Client(Login).SendPositionsAsync([], CancellationToken.None);

        Assert.Equal(4, _host.Requests.Count);
        Assert.DoesNotContain("Authorization", _host.Requests[2].Headers, StringComparison.Ordinal);
        Assert.Contains("Bearer token-2", _host.Requests[3].Headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_Refused_NamesTheFileAndTheWayOut()
    {
        _host.Answer(HttpStatusCode.Unauthorized);

        var error = await Assert.ThrowsAsync<ReplayException>(() => _host.Client(Login).SendPositionsAsync([], CancellationToken.None));

        Assert.StartsWith("The login in .data/first-admin.txt is refused", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Pass --key instead.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_ThatAsksForASecondFactor_SaysSo()
    {
        _host.Answer(HttpStatusCode.OK, new { twoFactorRequired = true, challenge = "c" });

        var error = await Assert.ThrowsAsync<ReplayException>(() => _host.Client(Login).SendPositionsAsync([], CancellationToken.None));

        Assert.Contains("second factor", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Created, true)]
    [InlineData(HttpStatusCode.Conflict, false)]
    public async Task Vehicle_CreatedOrThereAlready_IsFine(HttpStatusCode status, bool created)
    {
        _host.Answer(status);

        Assert.Equal(created, await _host.Client().CreateVehicleAsync("TEST1", CancellationToken.None));
        Assert.Equal("""{"licensePlate":"TEST1","vehicleType":"van","vehicleName":"TEST1"}""", _host.Requests[0].Body.GetRawText());
    }

    [Fact]
    public async Task Answer_OfAnotherProgram_IsAClearError()
    {
        _host.Answer(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>") });

        var error = await Assert.ThrowsAsync<ReplayException>(() => _host.Client().SendPositionsAsync([], CancellationToken.None));

        Assert.Contains("Is --url right?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FirstAdministrator_FromAFolderBelow_IsFound()
    {
        var file = Path.Combine(_directory.CreateSubdirectory(".data").FullName, "first-admin.txt");
        File.WriteAllText(file, "email: admin@chargecars.local\npassword: a: b\n");

        var login = FirstAdministrator.Find(_directory.CreateSubdirectory("src/Silo").FullName);

        Assert.Equal(new Credential.Login("admin@chargecars.local", "a: b", file), login);
    }

    [Fact]
    public void FirstAdministrator_WithoutAPassword_IsAClearError()
    {
        File.WriteAllText(Path.Combine(_directory.CreateSubdirectory(".data").FullName, "first-admin.txt"), "email: a@b\n");

        var error = Assert.Throws<ReplayException>(() => FirstAdministrator.Find(_directory.FullName));

        Assert.Contains("password:", error.Message, StringComparison.Ordinal);
    }
}
