using System.Net;
using System.Text;

namespace ChargeCars.Tests.Hosting;

/// <summary><c>If-Match</c> as RFC 9110 (13.1.1) has it, on every route that changes a version.</summary>
[Collection(HostCollection.Name)]
public sealed class IfMatchTests(RunningHost host)
{
    [Theory]
    [InlineData("\"1\"", HttpStatusCode.OK)]
    [InlineData("*", HttpStatusCode.OK)]
    [InlineData("\"7\", \"1\"", HttpStatusCode.OK)]
    [InlineData("\"1\",\"2\",\"other\",W/\"1\"", HttpStatusCode.OK)]
    [InlineData("\"2\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"2\", \"3\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("W/\"1\"", HttpStatusCode.PreconditionFailed)] // weak tags never match here
    [InlineData("\"other\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"+1\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("1", HttpStatusCode.BadRequest)]
    [InlineData("\"1", HttpStatusCode.BadRequest)]
    [InlineData("*, \"1\"", HttpStatusCode.BadRequest)]
    [InlineData("\"1\" \"2\"", HttpStatusCode.BadRequest)]
    [InlineData("", (HttpStatusCode)428)]
    public async Task Change_OfVersionOne_GoesByTheTagsThatAreSent(string tags, HttpStatusCode status)
    {
        var vehicle = await host.CreateVehicleAsync();

        using var patched = await SendAsync(HttpMethod.Patch, $"/api/vehicles/{vehicle}", tags, """{"vehicleName":"changed"}""");

        Assert.Equal(status, patched.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? 2L : 1L, await host.ScalarAsync<long>($"SELECT version FROM vehicle WHERE id = '{vehicle}'"));
    }

    [Fact]
    public async Task Change_OnTwoHeaders_IsAListToo()
    {
        var vehicle = await host.CreateVehicleAsync();
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/vehicles/{vehicle}");
        request.Headers.TryAddWithoutValidation("If-Match", ["\"9\"", "\"1\""]);

        using var deleted = await host.Administrator.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"5\", \"1\"")]
    public async Task Change_OfARole_TakesTheSame(string tags)
    {
        var id = Guid.CreateVersion7();
        await host.ExecuteAsync($"INSERT INTO user_role (id, role_name, permissions) VALUES ('{id}', 'r_{id:n}', '{{}}')");

        using var patched = await SendAsync(HttpMethod.Patch, $"/api/roles/{id}", tags, """{"description":"changed"}""");

        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
    }

    [Fact]
    public async Task Star_OnWhatIsNotThere_IsNotFound()
    {
        using var patched = await SendAsync(HttpMethod.Patch, $"/api/vehicles/{Guid.NewGuid()}", "*", "{}");

        await patched.ProblemAsync(HttpStatusCode.NotFound);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string tags, string body)
    {
        var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/merge-patch+json") };
        request.Headers.TryAddWithoutValidation("If-Match", tags);
        return await host.Administrator.SendAsync(request);
    }
}
