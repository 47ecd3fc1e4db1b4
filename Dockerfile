FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/ src/
RUN dotnet publish src/Silo -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# The first administrator's file and nothing else is written here: the database is another container's.
RUN mkdir /data && chown app /data
VOLUME /data
USER app
ENV ASPNETCORE_URLS=http://+:5080 \
    ChargeCars__DataDirectory=/data
EXPOSE 5080
ENTRYPOINT ["dotnet", "ChargeCars.Silo.dll"]
