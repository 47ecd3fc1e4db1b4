FROM node:22-slim AS screen
WORKDIR /source/src/Screen
COPY src/Screen/ ./
RUN node build/build.mjs /screen

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/ src/
COPY --from=screen /screen src/Api/wwwroot
RUN dotnet publish src/Silo -c Release --use-current-runtime --no-self-contained -o /app

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
# The image has no HTTP client; bash opens the connection.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/5080 && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
# A container's own name resolves to the address by which the others reach it; alone, without a configured database, it is not used.
ENTRYPOINT ["sh", "-c", "ChargeCars__Silo__AdvertisedAddress=${ChargeCars__Silo__AdvertisedAddress:-$(hostname -i | cut -d' ' -f1)} exec dotnet ChargeCars.Silo.dll \"$@\"", "chargecars"]
