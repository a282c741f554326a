package fiberhttp

import (
	"context"
	"net/http"
	"slices"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

const (
	adminLocationsPath = adminPath + "/locations"
	adminLocationPath  = adminLocationsPath + "/{location}"
)

func (r *routes) mountAdminLocations() {
	Op(r.server, Route{
		ID: "admin-set-stock-policy", Method: http.MethodPut, Path: adminSKUPath + "/policy", Tag: adminStockTag, Permission: access.StockWrite,
		Summary:     "Say how a SKU is sold beyond its stock",
		Description: "Promises that were made stand, whatever the policy is afterwards.", Problems: staffChanges,
	}, r.setPolicy)
	Op(r.server, Route{
		ID: "admin-list-locations", Method: http.MethodGet, Path: adminLocationsPath, Tag: adminStockTag, Permission: access.StockRead,
		Summary: "The locations that hold stock", Problems: staffReads,
	}, r.listLocations)
	Command(r, Route{
		ID: "admin-open-location", Method: http.MethodPost, Path: adminLocationsPath, Tag: adminStockTag, Permission: access.StockWrite,
		Summary: "Make a location, open", Success: http.StatusCreated, Problems: also(staffWrites, inventory.LocationTaken, fault.VersionConflict),
	}, r.openLocation, func(ctx context.Context, _ *openLocationInput, subject string) (*siteAnswer, error) {
		return shownSite(r.location(ctx, subject))
	})
	Op(r.server, Route{
		ID: "admin-change-location", Method: http.MethodPatch, Path: adminLocationPath, Tag: adminStockTag, Permission: access.StockWrite,
		Summary: "Change the name or the priority of a location", Problems: staffChanges,
	}, r.changeLocation)
	Command(r, Route{
		ID: "admin-location-event", Method: http.MethodPost, Path: adminLocationPath + "/status", Tag: adminStockTag, Permission: access.StockWrite,
		Summary: "Close or reopen a location", Problems: also(staffChanges, inventory.LocationInUse, statemachine.IllegalTransition),
	}, r.locationEvent, func(ctx context.Context, in *locationEventInput, _ string) (*siteAnswer, error) {
		return shownSite(r.location(ctx, in.Location))
	})
}

func (r *routes) setPolicy(ctx context.Context, in *setPolicyInput) (*stockAnswer, error) {
	sku, err := ref.ParseSKU(in.SKU)
	missing := fault.Missing.New("there is no such SKU")
	if err != nil {
		return nil, missing
	}
	until, wrong := instantOf("until", in.Body.Until)
	if wrong != nil {
		return nil, fault.Collect([]*fault.Error{wrong})
	}
	return audited(ctx, r, access.StockWrite, "inventory.policy_set", in.SKU, func(ctx context.Context) (*stockAnswer, error) {
		all, err := r.Inventory.Availability(ctx, []ref.SKU{sku})
		if err != nil {
			return nil, err
		}
		before, kept := all[sku]
		if !kept {
			if err := r.hasSKU(ctx, sku, missing); err != nil {
				return nil, err
			}
		}
		version, err := in.over(before.Version, in.Body.Version)
		if err != nil {
			return nil, err
		}
		policy := inventory.Policy{SKU: sku, Version: version, Kind: inventory.PolicyKind(in.Body.Kind), Limit: in.Body.Limit, Until: until}
		if _, err := r.Inventory.SetPolicies(ctx, []inventory.Policy{policy}); err != nil {
			return nil, alone("policies[0]", err)
		}
		out, _, err := r.stockOf(ctx, sku, 0, ledgerShown)
		return out, err
	})
}

func (r *routes) listLocations(ctx context.Context, _ *struct{}) (*sitesAnswer, error) {
	all, err := r.Inventory.Locations(ctx)
	if err != nil {
		return nil, err
	}
	out := &sitesAnswer{}
	out.Body.Items = make([]site, len(all))
	for i, s := range all {
		out.Body.Items[i] = siteOf(s)
	}
	return out, nil
}

// location reads the location that a path names.
func (r *routes) location(ctx context.Context, code string) (inventory.Site, error) {
	all, err := r.Inventory.Locations(ctx)
	if err != nil {
		return inventory.Site{}, err
	}
	i := slices.IndexFunc(all, func(s inventory.Site) bool { return string(s.Location) == code })
	if i < 0 {
		return inventory.Site{}, fault.Missing.New("there is no such location")
	}
	return all[i], nil
}

func (r *routes) openLocation(ctx context.Context, in *openLocationInput, a Attempt) (*siteAnswer, string, error) {
	wanted := inventory.Site{Location: inventory.Location(in.Body.Location), Name: in.Body.Name, Priority: in.Body.Priority}
	s, err := audited(ctx, r, access.StockWrite, "inventory.location_opened", excerpt(in.Body.Location, inventory.LocationMax), func(ctx context.Context) (inventory.Site, error) {
		made, err := r.Inventory.OpenLocation(ctx, wanted)
		if a.Again && fault.Is(err, inventory.LocationTaken) { // By an attempt that was cut off.
			return r.location(ctx, in.Body.Location)
		}
		return made, alone("sites[0]", err)
	})
	out, err := shownSite(s, err)
	return out, in.Body.Location, err
}

func (r *routes) changeLocation(ctx context.Context, in *changeLocationInput) (*siteAnswer, error) {
	return shownSite(r.editLocation(ctx, in.LocationAddress, in.Expecting, in.Body.Version, "changed", func(ctx context.Context, s inventory.Site) (inventory.Site, error) {
		put(&s.Name, in.Body.Name)
		put(&s.Priority, in.Body.Priority)
		return r.Inventory.ChangeLocation(ctx, s.Location, s.Version, s.Name, s.Priority)
	}))
}

func (r *routes) locationEvent(ctx context.Context, in *locationEventInput, _ Attempt) (*siteAnswer, string, error) {
	s, err := r.editLocation(ctx, in.LocationAddress, in.Expecting, in.Body.Version, in.Body.Event, func(ctx context.Context, s inventory.Site) (inventory.Site, error) {
		if inventory.SiteEvent(in.Body.Event) == inventory.SiteClose {
			return r.Inventory.CloseLocation(ctx, s.Location)
		}
		return r.Inventory.ReopenLocation(ctx, s.Location)
	})
	out, err := shownSite(s, err)
	return out, in.Location, err
}

// editLocation reads a location and changes it over the version that the caller expects.
func (r *routes) editLocation(ctx context.Context, at LocationAddress, expected Expecting, version *int64, action string, change func(context.Context, inventory.Site) (inventory.Site, error)) (inventory.Site, error) {
	s, err := r.location(ctx, at.Location)
	if err != nil {
		return s, err
	}
	return audited(ctx, r, access.StockWrite, "inventory.location_"+action, at.Location, func(ctx context.Context) (inventory.Site, error) {
		if _, err := expected.over(s.Version, version); err != nil {
			return s, err
		}
		s, err := change(ctx, s)
		return s, alone("sites[0]", err)
	})
}

func shownSite(s inventory.Site, err error) (*siteAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &siteAnswer{Body: siteOf(s)}, nil
}
