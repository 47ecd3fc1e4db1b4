using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Tests.Files;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Orders.Visits;

/// <summary>The pictures of a checklist and the signature are files of the visit.</summary>
[Collection(HostCollection.Name)]
public sealed class VisitPictureTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task ChecklistPhoto_MustBeAPictureOfTheVisit_AndIsKeptWhileItIsNamed()
    {
        var (visit, other) = (await Sample.CreateAsync(host, "visit"), await Sample.CreateAsync(host, "visit"));
        var (photo, elsewhere, text) = (await PictureAsync(visit), await PictureAsync(other), (await Admin.AddFileAsync("visit", visit, "no picture"u8.ToArray(), "foto.jpg")).GetProperty("id").GetGuid());
        var item = (await Admin.ReadAsync($"/api/visits/{visit}")).GetProperty("checklist").GetProperty("items").EnumerateArray()
            .First(one => one.GetProperty("type").GetString() == "photo").GetProperty("code").GetString()!;

        foreach (var wrong in new[] { elsewhere, text, Guid.NewGuid() })
        {
            using var refused = await AnswerAsync(visit, item, "1", photo, wrong);
            Assert.Equal([$"checklist.{item}.photoIds"], await refused.FaultyFieldsAsync());
        }

        using var answered = await AnswerAsync(visit, item, "1", photo);
        Assert.Equal(photo, (await answered.JsonAsync()).GetProperty("checklist").GetProperty("answers").GetProperty(item).GetProperty("photoIds")[0].GetGuid());
        var address = $"/api/attachments/{photo}";
        var version = $"{(await Admin.ReadAsync(address)).GetProperty("version").GetInt64()}";
        await (await Admin.DeleteAsync(address, version)).ProblemAsync(HttpStatusCode.Conflict);
        using var withdrawn = await Admin.MergePatchAsync($"/api/visits/{visit}/checklist", "2", JsonSerializer.Serialize(new Dictionary<string, object?> { [item] = null }));
        Assert.Equal(HttpStatusCode.OK, withdrawn.StatusCode);
        version = $"{(await Admin.ReadAsync(address)).GetProperty("version").GetInt64()}";
        Assert.Equal(HttpStatusCode.NoContent, (await Admin.DeleteAsync(address, version)).StatusCode);
    }

    [Fact]
    public async Task Signature_MustBeAPictureOfTheVisit_AndStaysWithIt()
    {
        var order = await Sample.CreateAsync(host, "order");
        using var made = await Admin.PostAsJsonAsync($"/api/orders/{order}/visits", new { visitType = "survey" });
        var visit = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        (await Admin.PostAsJsonAsync($"/api/visits/{visit}/actions/schedule", new { scheduledStart = "2027-06-01T08:00:00Z", scheduledEnd = "2027-06-01T09:00:00Z", vehicleId = await host.CreateVehicleAsync() })).EnsureSuccessStatusCode();
        foreach (var action in new[] { "arrive", "start" })
        {
            using var taken = await Admin.PostAsync($"/api/visits/{visit}/actions/{action}", null);
            Assert.True(taken.IsSuccessStatusCode, await taken.Content.ReadAsStringAsync());
        }

        var (signature, elsewhere) = (await PictureAsync(visit), (await Admin.AddFileAsync("order", order, Pictures.Of(20, 10))).GetProperty("id").GetGuid());
        using var refused = await CompleteAsync(visit, elsewhere);
        using var completed = await CompleteAsync(visit, signature);

        Assert.Equal(["signatureAttachmentId"], await refused.FaultyFieldsAsync());
        Assert.Equal(signature, (await completed.JsonAsync()).GetProperty("signatureAttachmentId").GetGuid());
        var version = (await Admin.ReadAsync($"/api/attachments/{signature}")).GetProperty("version").GetInt64();
        await (await Admin.DeleteAsync($"/api/attachments/{signature}", $"{version}")).ProblemAsync(HttpStatusCode.Conflict);
        Assert.NotEmpty(await Admin.GetByteArrayAsync($"/api/attachments/{signature}/content"));
    }

    private async Task<Guid> PictureAsync(Guid visit)
    {
        var id = (await Admin.AddFileAsync("visit", visit, Pictures.Of(20, 10), "foto.jpg")).GetProperty("id").GetGuid();
        // Its thumbnail makes another version.
        await host.UntilAsync("attachment", async () => (await Admin.ReadAsync($"/api/attachments/{id}")).GetProperty("thumbnailUrl").ValueKind != JsonValueKind.Null);
        return id;
    }

    private Task<HttpResponseMessage> AnswerAsync(Guid visit, string item, string version, params Guid[] photos) =>
        Admin.MergePatchAsync($"/api/visits/{visit}/checklist", version, JsonSerializer.Serialize(new Dictionary<string, object> { [item] = new { photoIds = photos } }));

    private Task<HttpResponseMessage> CompleteAsync(Guid visit, Guid signature) =>
        Admin.PostAsJsonAsync($"/api/visits/{visit}/actions/complete", new { resolution = "Opgenomen", signedBy = "J. de Vries", signatureAttachmentId = signature });
}
