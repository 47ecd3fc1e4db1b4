using ChargeCars.Api.Catalogue.Chargers;
using ChargeCars.Api.Catalogue.PriceLists;
using ChargeCars.Api.Catalogue.Products;
using ChargeCars.Api.Catalogue.Stock;
using ChargeCars.Api.Conversations;
using ChargeCars.Api.Conversations.Channels;
using ChargeCars.Api.Conversations.Templates;
using ChargeCars.Api.Conversations.Threads;
using ChargeCars.Api.Files.Attachments;
using ChargeCars.Api.Fleet.Geofences;
using ChargeCars.Api.Fleet.Vehicles;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Orders;
using ChargeCars.Api.Orders.Teams;
using ChargeCars.Api.Orders.Visits;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Search;
using ChargeCars.Api.Relations.Addresses;
using ChargeCars.Api.Relations.BusinessEntities;
using ChargeCars.Api.Relations.Contacts;
using ChargeCars.Api.Relations.Organizations;
using ChargeCars.Api.Relations.PhoneNumbers;
using ChargeCars.Api.Telephony.BusinessNumbers;
using ChargeCars.Api.Telephony.Calls;
using ChargeCars.Catalogue.Chargers;
using ChargeCars.Catalogue.PriceLists;
using ChargeCars.Catalogue.Products;
using ChargeCars.Catalogue.Stock;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Templates;
using ChargeCars.Conversations.Threads;
using ChargeCars.Files.Attachments;
using ChargeCars.Fleet.Geofences;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Orders;
using ChargeCars.Orders.Teams;
using ChargeCars.Orders.Visits;
using ChargeCars.Relations.Addresses;
using ChargeCars.Relations.BusinessEntities;
using ChargeCars.Relations.Contacts;
using ChargeCars.Relations.Organizations;
using ChargeCars.Relations.PhoneNumbers;
using ChargeCars.Telephony.BusinessNumbers;
using ChargeCars.Telephony.Calls;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api;

/// <summary>Every kind of entity that the API serves in the standard shape; routes and scope tests follow from this list.</summary>
internal static class Entities
{
    /// <summary>Adds them.</summary>
    public static IServiceCollection AddEntities(this IServiceCollection services) => services
        .AddSingleton<IEntityLookup, VehicleLookup>()
        .AddFindable<Vehicle, VehicleKind>(Permissions.VehiclesRead, VehicleScope.Visible)
        .AddFindable<Call, CallKind>(Permissions.CallsRead, CallQueries.Visible)
        .AddFindable<CommunicationMessage, MessageKind>(Permissions.ThreadsRead, ConversationScope.Messages)
        .AddEntity<Geofence, GeofenceDetails, GeofenceKind, GeofenceAccess>()
        .AddEntity<Organization, OrganizationDetails, OrganizationKind, OrganizationAccess>()
        .AddEntity<Contact, ContactDetails, ContactKind, ContactAccess>()
        .AddSingleton<ContactExport>()
        .AddEntity<Address, AddressDetails, AddressKind, AddressAccess>()
        .AddEntity<ContactPhoneNumber, ContactPhoneNumberDetails, PhoneNumberKind, PhoneNumberAccess>()
        .AddEntity<BusinessEntityProfile, BusinessEntityProfileDetails, BusinessEntityKind, BusinessEntityAccess>()
        .AddEntity<Product, ProductDetails, ProductKind, ProductAccess>()
        .AddEntity<ListPrice, ListPriceDetails, ListPriceKind, ListPriceAccess>()
        .AddEntity<StockPlace, StockPlaceDetails, StockPlaceKind, StockPlaceAccess>()
        .AddEntity<InstalledCharger, InstalledChargerDetails, InstalledChargerKind, InstalledChargerAccess>()
        .AddEntity<Team, TeamDetails, TeamKind, TeamAccess>()
        .AddSingleton<Orders.OrderReferences>()
        .AddSingleton<Orders.OrderNumbers>()
        .AddSingleton<Orders.Visits.VisitCrews>()
        .AddSingleton<Orders.LineItemPricing>()
        .AddSingleton<Orders.Timeline.OrderTimeline>()
        .AddSingleton<Orders.Presence.OrderViewers>()
        .AddSingleton<Orders.Presence.OpenOrders>()
        .AddSingleton<Platform.Live.IOpenEntities>(provider => provider.GetRequiredService<Orders.Presence.OpenOrders>())
        .AddHostedService(provider => provider.GetRequiredService<Orders.Presence.OpenOrders>())
        .AddEntity<Order, OrderDetails, OrderKind, OrderAccess>()
        .AddEntity<Visit, VisitDetails, VisitKind, VisitAccess>()
        .AddEntity<CommunicationChannel, CommunicationChannelDetails, CommunicationChannelKind, CommunicationChannelAccess>()
        .AddEntity<CommunicationThread, CommunicationThreadDetails, ThreadKind, ThreadAccess>()
        .AddEntity<MessageTemplate, MessageTemplateDetails, MessageTemplateKind, MessageTemplateAccess>()
        .AddEntity<Attachment, AttachmentDetails, AttachmentKind, AttachmentAccess>()
        .AddAttachments()
        .AddEntity<BusinessPhoneNumber, BusinessPhoneNumberDetails, BusinessPhoneNumberKind, BusinessPhoneNumberAccess>();
}
