<?php

declare(strict_types=1);

namespace Panel\Pages;

use Panel\Names;
use Panel\Response;
use Panel\Words;
use Pwvault\Exception\Invalid;
use Pwvault\Exception\InUse;
use Pwvault\Exception\Sharing as SharingFault;
use Pwvault\Model\Action;
use Pwvault\Model\Assignment;
use Pwvault\Model\CategoryDraft;
use Pwvault\Model\Grantee;

/**
 * Categories: who gets at many entries at once.
 */
final class Categories extends Page
{
    public function list(): Response
    {
        return $this->page(new CategoryDraft(), '', 200);
    }

    public function create(): Response
    {
        $request = $this->here->request;
        $draft = new CategoryDraft(
            name: $request->line('name'),
            description: $request->line('description'),
            members: array_map(Grantee::role(...), $request->ticked('roles'))
        );
        try {
            $this->here->session()->createCategory($draft);
        } catch (Invalid $refused) {
            return $this->page($draft, Words::sentence($refused->getMessage()), 422);
        }
        return $this->here->done('/categories', "The category “{$draft->name}” is there now.");
    }

    public function delete(string $id): Response
    {
        try {
            $this->here->session()->deleteCategory($id, force: $this->here->request->line('force') !== '');
        } catch (InUse) {
            return $this->page(new CategoryDraft(), 'Entries are in this category. Tick the box to leave them without one.', 422);
        }
        return $this->here->done('/categories', 'That category is gone.');
    }

    /** Puts an entry into a category, whose members may then view and reveal it; or out of it. */
    public function assign(string $id): Response
    {
        $category = $this->here->request->line('category');
        try {
            $to = $category === '' ? null : new Assignment($category, [Action::View, Action::Reveal]);
            $this->here->session()->assignCategory([$id], $to);
        } catch (SharingFault | Invalid $refused) {
            return $this->here->notice(422, 'That was refused', Words::sentence($refused->getMessage()), "/entries/$id", 'Back to the entry');
        }
        return $this->here->done("/entries/$id", $category === '' ? 'It is in no category now.' : 'The category is set.');
    }

    private function page(CategoryDraft $draft, string $fault, int $status): Response
    {
        $session = $this->here->session();
        $categories = array_column($session->categories(), 'head', 'id');
        return $this->here->page('categories', [
            'title' => 'Categories',
            'categories' => $categories,
            'names' => new Names($session, array_merge(...array_column($categories, 'members'))),
            'roles' => Sharing::roles($this->here),
            'draft' => $draft,
            'fault' => $fault,
        ], $status);
    }
}
